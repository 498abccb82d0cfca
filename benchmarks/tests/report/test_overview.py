"""The first page of a comparison: both sides' values beside each ratio or difference."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from benchmarks.report import overview

RATIO: dict[str, Any] = {
    "says": "The flow needs more CPU in services.",
    "measure": "CPU-ms per submission",
    "unit": "ms",
    "of": "monolith \u00f7 microservices",
    "ratio": 0.8,
    "low": 0.7,
    "high": 0.9,
    "verdict": "holds",
    "blocks": [{"block": 1, "first": 80.0, "second": 100.0, "ratio": 0.8}],
}
DIFFERENCE: dict[str, Any] = {
    "says": "More features stay available.",
    "measure": "availability",
    "unit": "share",
    "of": "microservices \u2212 monolith",
    "difference": 0.1,
    "low": 0.05,
    "high": 0.15,
    "verdict": "supported",
    "blocks": [{"block": 1, "first": 0.8, "second": 0.7, "difference": 0.1}],
}
RUN = {"id": "the-run", "profile": "quick", "seed": 7, "started_at": "2026-01-01T00:00:00+00:00"}


def document(*claims: dict[str, Any], status: str = "complete") -> dict[str, Any]:
    experiment = {"title": "Scaling: what it costs", "claims": list(claims)}
    return {"run": {"status": status}, "experiments": {"scaling": experiment}}


def test_each_side_has_its_own_value_whichever_is_divided() -> None:
    part = overview.part_of("scaling", document(RATIO, DIFFERENCE))
    ratio, difference = part.rows
    assert (ratio.monolith, ratio.services) == ("80.0 ms", "100 ms")
    assert (ratio.compared, ratio.interval) == ("0.800", "0.700 to 0.900")
    assert (ratio.verdict, ratio.verdict_class) == ("supported", "holds")
    assert difference.monolith.startswith("70.0")
    assert difference.services.startswith("80.0")
    assert (difference.compared, difference.interval) == (
        "10.0 points",
        "5.0 points to 15.0 points",
    )


@pytest.mark.parametrize("first", [0.0, -1.0])
def test_values_of_zero_have_a_mean(first: float) -> None:
    claim = RATIO | {"blocks": [{"block": 1, "first": first, "second": 2.0, "ratio": 1.0}]}
    (row,) = overview.part_of("scaling", document(claim)).rows
    assert row.services == "2.0 ms"


def test_the_page_opens_with_one_row_for_each_experiment_and_says_what_is_missing() -> None:
    part = overview.part_of("scaling", document(RATIO, DIFFERENCE, status="interrupted"))
    page = overview.render([part], missing=["deploy"], run=RUN, cpu="a CPU")
    answers = page.split("The answers</h2>")[1].split("</section>")[0]
    assert answers.count('<th scope="row"') == 1
    assert 'href="scaling/report.html"' in answers
    assert "Not run: deploy." in page
    assert "The experiment scaling is not complete: interrupted." in page
    assert page.count("More features stay available.") == 1


def test_an_experiment_without_claims_is_no_error() -> None:
    page = overview.render([overview.part_of("scaling", document())], missing=[], run=RUN, cpu="")
    assert page.count("Nothing was measured that counts.") == 2


def test_the_table_in_the_terminal_has_the_answers() -> None:
    screen = StringIO()
    part = overview.part_of("scaling", document(RATIO))
    overview.show([part], Console(file=screen, width=200))
    assert "80.0 ms" in screen.getvalue()
    assert "0.700 to 0.900" in screen.getvalue()
