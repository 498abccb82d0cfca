"""Two documents beside each other: what differs, whether intervals meet, what the arms took."""

import io
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.report import comparison
from benchmarks.results_model.arms import Arm
from benchmarks.results_model.document import ResultsDocument
from benchmarks.tests.report.outline import Outline
from benchmarks.tests.report.sample import everything, results, scaling, trials


@pytest.fixture
def first() -> ResultsDocument:
    return results(trials())


@pytest.fixture
def second(first: ResultsDocument) -> ResultsDocument:
    """Return the same trials on a machine that needs twice the CPU."""
    found = scaling(first)
    slower = replace(found.sweeps[0], arms=[_slower(arm) for arm in found.sweeps[0].arms])
    return replace(
        first,
        run=replace(first.run, id="20260203T030405Z-standard"),
        environment={
            **first.environment,
            "cpu": {**first.environment["cpu"], "model": "Other CPU 9000"},
            "load_average_before": [9.0, 9.0, 9.0],
        },
        experiments={"scaling": replace(found, sweeps=[slower])},
    )


def _slower(arm: Arm) -> Arm:
    assert arm.cpu_ms_per_submission is not None
    assert arm.capacity is not None
    return replace(
        arm, cpu_ms_per_submission=arm.cpu_ms_per_submission * 2, capacity=arm.capacity / 2
    )


def test_only_what_differs_is_marked(first: ResultsDocument, second: ResultsDocument) -> None:
    differing = [it["name"] for it in comparison.facts(first, second) if it["differs"]]
    assert differing == ["cpu model"]
    assert "system kernel" in [it["name"] for it in comparison.facts(first, second)]
    drawn = comparison.render(first, second)
    assert drawn.count('class="differs"') == 1
    assert "1 difference, marked." in drawn


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((0.8, 0.86), "overlap"),
        ((1.2, 1.3), "lie apart"),
        ((0.1, 0.2), "lie apart"),
        ((None, None), "not known"),
    ],
)
def test_whether_the_intervals_meet_is_shown(
    first: ResultsDocument, second: ResultsDocument, interval: Any, expected: str
) -> None:
    low, high = interval
    found = scaling(second)
    claim = replace(found.claims[0], low=low, high=high)
    changed = replace(found, claims=[claim, *found.claims[1:]])
    second = replace(second, experiments={"scaling": changed})
    assert comparison.claims(first, second)[0]["meet"] == expected
    assert f"The intervals: <strong>{expected}</strong>." in comparison.render(first, second)


def test_arms_are_set_in_relation(first: ResultsDocument, second: ResultsDocument) -> None:
    rows = comparison.arms(first, second)
    assert [(it["arm"], it["measure"]) for it in rows[:2]] == [
        ("monolith", "CPU-ms per submission"),
        ("monolith", "capacity, submissions/s"),
    ]
    assert [it["ratio"] for it in rows[:2]] == [pytest.approx(2.0), pytest.approx(0.5)]


def test_runs_of_different_sweeps_and_empty_ones_are_shown(first: ResultsDocument) -> None:
    for one, other in ((first, everything()), (everything(), first), (results([]), first)):
        outline = Outline(comparison.render(one, other))
        assert outline.open == []
        assert outline.count("script") == 0
    drawn = comparison.render(first, everything())
    assert "This run doesn't have the claim." in drawn


def test_it_is_shown_in_the_terminal_too(first: ResultsDocument, second: ResultsDocument) -> None:
    text = io.StringIO()
    comparison.show(first, second, Console(file=text, width=160))
    assert "differs: cpu model: Some CPU 3000 | Other CPU 9000" in text.getvalue()
    assert "overlap" in text.getvalue()
    assert "2.000" in text.getvalue()
