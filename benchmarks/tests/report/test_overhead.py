"""The card on how good the two sides are, on the page and on the findings page."""

import re
from typing import Any

import pytest

from benchmarks.report import overhead_texts, rendering, svg
from benchmarks.report.figures.dot_plot import Mark, Series
from benchmarks.report.figures.goal_plot import goal_plot
from benchmarks.report.findings import overhead as findings
from benchmarks.report.findings.errors import FindingsError
from benchmarks.report.findings.markdown import environment
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.overhead import Goal, OverheadFigure
from benchmarks.tests.report.sample import (
    EXTERNAL,
    drawn_page,
    everything,
    external_trials,
    results,
    scaling,
    trials,
)


def figure(
    low: float | None, high: float | None, *, limit: float | None, is_most: bool = True
) -> OverheadFigure:
    value = None if low is None or high is None else (low + high) / 2
    return OverheadFigure(
        name="read",
        arm="monolith",
        unit="CPU-ms",
        value=value,
        reference=1.0,
        ratio=Ratio(ratio=value, low=low, high=high, method="", blocks=[]),
        goal=None if limit is None else Goal(limit=limit, is_most=is_most),
    )


@pytest.mark.parametrize(
    ("low", "high", "limit", "is_most", "outcome"),
    [
        (3.0, 3.9, 4.0, True, "reached"),
        (3.9, 4.1, 4.0, True, "open"),
        (4.1, 5.0, 4.0, True, "not reached"),
        (0.82, 0.9, 0.8, False, "reached"),
        (0.75, 0.85, 0.8, False, "open"),
        (0.6, 0.7, 0.8, False, "not reached"),
        (3.0, 3.9, None, True, ""),
        (None, None, 4.0, True, ""),
    ],
)
def test_a_goal_is_reached_or_not_by_the_whole_interval(
    low: float | None, high: float | None, limit: float | None, is_most: bool, outcome: str
) -> None:
    assert overhead_texts.outcome(figure(low, high, limit=limit, is_most=is_most)) == outcome


def test_without_an_interval_a_goal_stays_open() -> None:
    found = figure(3.0, 3.0, limit=4.0)
    ratio = Ratio(ratio=3.0, low=None, high=None, method="", blocks=[3.0])
    one = OverheadFigure(
        name="read",
        arm="monolith",
        unit="CPU-ms",
        value=3.0,
        reference=1.0,
        ratio=ratio,
        goal=found.goal,
    )
    assert overhead_texts.outcome(one) == "open"


def test_an_interval_without_an_end_does_not_squeeze_the_figure() -> None:
    """Two rounds on a busy machine may give intervals over many powers of ten."""
    mark = Mark(2.0, 0.0001, 40_000.0)
    drawn = [
        goal_plot(
            ["one"], [4.0], [Series("a", svg.INK, "o", [found])], name="n", title="t", x="ratio"
        )
        for found in (mark, Mark(2.0, 1.9, 2.1))
    ]
    assert all(">10<" not in it and ">2<" in it for it in drawn)


def test_ratios_close_to_one_have_ticks_of_tenths() -> None:
    near, far = (
        goal_plot(
            ["one"], [None], [Series("a", svg.INK, "o", [Mark(it)])], name="n", title="t", x="ratio"
        )
        for it in (1.3, 9.0)
    )
    assert ">1.2<" in near
    assert ">1.2<" not in far


def card(page: str) -> str:
    found = re.search(r'<section aria-labelledby="overhead">.*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_the_card_has_every_figure_with_its_goal() -> None:
    found = card(drawn_page())
    assert "How good are the two sides?" in found
    for name in ("the floor", "a JsonResponse", "an insert and publish", "the monolith"):
        assert name in found
    assert "≤ 1.25 (monolith)" in found
    assert "≥ 0.8" in found
    assert ">reached</span>" in found
    assert ">not reached</span>" in found
    assert "over the blocks" in found
    described = re.search(r'id="overhead-description">([^<]*)<', found)
    assert described is not None
    assert "CPU, upload ÷ floor: monolith 1.2, services 1.26, goal 1.25" in described[1]


def test_a_run_without_the_sweep_is_named_as_such() -> None:
    found = card(rendering.render(results(trials())))
    assert "Not measured in this run." in found
    assert "<table" not in found


def test_two_deployed_targets_have_no_such_card() -> None:
    page = rendering.render(results(external_trials(), [EXTERNAL]))
    assert "How good are the two sides?" not in page


def test_the_findings_page_has_the_table_and_the_figure() -> None:
    measured = scaling(everything())
    around: dict[str, Any] = {"source": "example/results.json", "folder": "example"}
    around |= {"run": everything().run, "environment": everything().environment}
    template = environment().get_template("findings-overhead.md.j2")
    page = template.render(findings.context(measured) | around)
    assert "| CPU for reading a submission ÷ a JsonResponse; goal: ≤ 4 | 3.00" in page
    assert "goal 1.25" in findings.figure(measured)


def test_goals_are_counted_by_side() -> None:
    found = findings.context(scaling(everything()))
    sides = [row.sides["monolith"] for row in found["rows"]]
    outcomes = [overhead_texts.outcome(side) for side in sides if side]
    assert found["goals"]["monolith"] == sum(bool(it) for it in outcomes)
    assert found["reached"]["monolith"] == outcomes.count("reached")


def test_a_run_without_the_sweep_makes_no_page() -> None:
    with pytest.raises(FindingsError, match="no sweep of overhead"):
        findings.context(scaling(results(trials())))
