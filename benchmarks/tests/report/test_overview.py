"""The first page of a comparison: both sides' values beside each ratio or difference."""

from io import StringIO

import pytest
from markupsafe import escape
from msgspec.structs import replace
from rich.console import Console

from benchmarks.report import overview
from benchmarks.repository import REPOSITORY
from benchmarks.results_model import reading
from benchmarks.results_model.claims import RatioBlock, RatioClaim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.faults import DifferenceBlock, DifferenceClaim

RUN = {"id": "the-run", "profile": "quick", "seed": 7, "started_at": "2026-01-01T00:00:00+00:00"}
BLOCK = RatioBlock(block=1, first=80.0, second=100.0, ratio=0.8)


def example(name: str) -> ResultsDocument:
    return reading.read(REPOSITORY / "benchmarks" / "results" / name / "results.json")


@pytest.fixture(scope="module")
def scaling() -> ResultsDocument:
    return example("example")


def ratio_of(document: ResultsDocument) -> RatioClaim:
    claim = document.results.claims[0]
    assert isinstance(claim, RatioClaim)
    return replace(claim, ratio=0.8, low=0.7, high=0.9, unit="ms", blocks=[BLOCK])


def with_claims(
    document: ResultsDocument, *claims: RatioClaim | DifferenceClaim
) -> ResultsDocument:
    results = replace(document.results, claims=list(claims))
    return replace(document, experiments={document.experiment: results})


def test_each_side_has_its_own_value_of_a_ratio(scaling: ResultsDocument) -> None:
    (row,) = overview.part_of(with_claims(scaling, ratio_of(scaling))).rows
    assert (row.monolith, row.services) == ("80.0 ms", "100 ms")
    assert (row.compared, row.interval) == ("0.800", "0.700 to 0.900")
    assert (row.verdict, row.verdict_class) == ("supported", "holds")


def test_each_side_has_its_own_value_of_a_difference() -> None:
    faults = example("example-faults")
    claim = faults.results.claims[0]
    assert isinstance(claim, DifferenceClaim)
    assert claim.of.startswith("microservices")
    block = DifferenceBlock(block=1, first=0.8, second=0.7, difference=0.1)
    claim = replace(claim, difference=0.1, low=0.05, high=0.15, blocks=[block])
    (row,) = overview.part_of(with_claims(faults, claim)).rows
    assert row.monolith.startswith("70.0")
    assert row.services.startswith("80.0")
    assert (row.compared, row.interval) == ("10.0 points", "5.0 points to 15.0 points")
    assert row.verdict_class == "holds"


def test_a_claim_that_does_not_compare_the_architectures_has_no_side(
    scaling: ResultsDocument,
) -> None:
    claim = replace(ratio_of(scaling), of="with a queue \u00f7 without one")
    (row,) = overview.part_of(with_claims(scaling, claim)).rows
    assert (row.monolith, row.services) == ("\u2013", "\u2013")
    assert row.of == "with a queue \u00f7 without one: 80.0 ms and 100 ms"


def test_values_of_zero_have_a_mean(scaling: ResultsDocument) -> None:
    blocks = [replace(BLOCK, first=0.0), replace(BLOCK, first=4.0)]
    (row,) = overview.part_of(with_claims(scaling, replace(ratio_of(scaling), blocks=blocks))).rows
    assert row.monolith == "2.0 ms"


def test_the_page_opens_with_one_row_for_each_experiment_and_shows_what_is_missing(
    scaling: ResultsDocument,
) -> None:
    stopped = replace(scaling, run=replace(scaling.run, status="interrupted"))
    page = overview.render([overview.part_of(stopped)], missing=["deploy"], run=RUN, cpu="a CPU")
    answers = page.split("The answers</h2>")[1].split("</section>")[0]
    assert answers.count('<th scope="row"') == 1
    assert 'href="scaling/report.html"' in answers
    assert "Not run: deploy." in page
    assert "The experiment scaling is not complete: interrupted." in page
    for claim in scaling.results.claims:
        assert escape(claim.statement) in page


def test_an_experiment_without_claims_is_no_error(scaling: ResultsDocument) -> None:
    part = overview.part_of(with_claims(scaling))
    page = overview.render([part], missing=[], run=RUN, cpu="")
    assert page.count("Nothing was measured that counts.") == 2


def test_the_table_in_the_terminal_has_the_answers(scaling: ResultsDocument) -> None:
    screen = StringIO()
    part = overview.part_of(with_claims(scaling, ratio_of(scaling)))
    overview.show([part], Console(file=screen, width=200))
    assert "80.0 ms" in screen.getvalue()
    assert "0.700 to 0.900" in screen.getvalue()
