"""The page of a priced run: everything that was put in is named, and sentences follow the data."""

import io
import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.analysis.verdicts import Verdict
from benchmarks.cost.document import (
    BreakEven,
    CostDocument,
    CostRow,
    CrossingEntry,
    read_cost,
)
from benchmarks.cost.operations import COUNTS
from benchmarks.report.cost import names, page, terminal
from benchmarks.report.cost.figure import LINES, figure
from benchmarks.report.findings import cost
from benchmarks.report.findings.errors import OutdatedSentencesError
from benchmarks.report.findings.markdown import environment
from benchmarks.report.formats import NARROW_NO_BREAK as NARROW
from benchmarks.report.formats import NONE

MOST_LINES, LONGEST_LINE = 320, 530  # assumptions and prices are tables, folded away


@pytest.fixture(scope="module")
def document() -> CostDocument:
    return read_cost(COUNTS.with_name("cost.json"))


def rendered(document: CostDocument) -> str:
    template = environment().get_template(f"{cost.NAME}.md.j2")
    return str(template.render(cost.context(document)))


def entry(**changed: object) -> CrossingEntry:
    nothing = CrossingEntry(
        first="monolith-lambda-arm",
        second="monolith-fargate",
        at=None,
        low=None,
        high=None,
        share=0.0,
        changes=0,
        equal_from=None,
        equal_low=None,
        equal_high=None,
        cheaper_below="monolith-lambda-arm",
        cheaper_above="monolith-lambda-arm",
    )
    return replace(nothing, **changed)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (entry(), "function at every load"),
        (
            entry(cheaper_below=None, cheaper_above=None, equal_from=100.0),
            "the same with few and with many",
        ),
        (entry(cheaper_below=None), "function with many, the same with few"),
        (
            entry(equal_from=2e6, equal_low=1e6, equal_high=3e6, cheaper_above=None),
            (
                f"function with few, the same from 2{NARROW}million a day on "
                f"(1{NARROW}million to 3{NARROW}million)"
            ),
        ),
        (
            entry(equal_from=2e6, cheaper_above=None, share=0.0),
            f"function with few, the same from 2{NARROW}million a day on (not in every resample)",
        ),
        (
            entry(
                at=204_551.0,
                low=203_900.0,
                high=205_400.0,
                share=1.0,
                changes=1,
                cheaper_above="monolith-fargate",
            ),
            (
                f"function below 205{NARROW}000 a day (204{NARROW}000 to 205{NARROW}000), "
                "worker above"
            ),
        ),
        (
            entry(at=1_000.0, share=0.9, changes=3, cheaper_above="monolith-fargate"),
            (
                f"function with few, 3 changes, the last at 1{NARROW}000 a day "
                "(not in every resample), worker above"
            ),
        ),
        (
            entry(at=1_000.0, share=None, changes=1, cheaper_above=None, equal_from=2_000.0),
            (
                f"function below 1{NARROW}000 a day, then the other, "
                f"the same from 2{NARROW}000 a day on"
            ),
        ),
        (
            entry(
                first="microservices-lambda-arm",
                at=1_000.0,
                low=999.9,
                high=1_000.1,
                share=1.0,
                changes=1,
                cheaper_below="monolith-fargate",
                cheaper_above="microservices-lambda-arm",
            ),
            f"monolith below 1{NARROW}000 a day, services above",
        ),
    ],
)
def test_a_crossing_in_words(found: CrossingEntry, words: str) -> None:
    assert names.crossing(found) == words


def test_dollars_and_deployments() -> None:
    assert names.dollars(1234.5) == f"$1{NARROW}234"
    assert names.dollars(99.994) == "$99.99"
    assert names.dollars(None) == NONE
    assert names.deployment("microservices-lambda-x86") == "services, function, x86"


def test_the_peak_in_words() -> None:
    found = BreakEven(
        architecture="monolith",
        platform="lambda-arm",
        per_day=1e7,
        peak_to_mean=2.286,
        low=2.264,
        high=2.308,
    )
    assert names.break_even(found) == (
        "monolith, function, arm: cheaper than workers on Fargate where the peak is above 2.29 "
        f"times the mean (2.26 to 2.31), at 10{NARROW}million a day."
    )
    assert "at no peak" in names.break_even(replace(found, peak_to_mean=None))


def test_the_page_begins_with_its_answer_and_one_figure(document: CostDocument) -> None:
    text = rendered(document)
    opening = text.split("\n## ")[0]
    assert opening.startswith("# ")
    assert "**For a decision:**" in opening
    assert text.count("](images/") == opening.count("](images/") == 1
    assert opening.count("|") == 0
    sentences = re.findall(r"\.(?:\s|$)", opening.partition("**For a decision:**")[0])
    assert 3 <= len(sentences) <= 8
    assert "## What this doesn't show" in text
    lines = text.splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= LONGEST_LINE
    assert not re.search(r"\{\{|\{%|\bNone\b|\bnan\b", text)


def test_everything_that_was_put_in_is_on_the_page(document: CostDocument) -> None:
    text = rendered(document)
    for assumption in document.assumptions:
        assert f"| `{assumption.name}`: " in text
        assert assumption.reason in text
    for price in document.prices.entries:
        assert price.source in text
        assert price.name.replace("_", " ") in text
    assert document.prices.note in text
    for claim in document.claims:
        assert claim.statement in text
    for variation in document.variations:
        assert f"{variation.name}: {variation.description}" in text
    for deployment in document.deployments:
        assert f"| {names.deployment(deployment.name)} |" in text


def test_the_items_of_a_table_add_up_to_the_totals(document: CostDocument) -> None:
    values = cost.context(document)
    for column, (name, load) in enumerate(
        (name, load) for load in (1e4, 1e7) for name in (cost.MONOLITH, cost.SERVICES)
    ):
        (row,) = (it for it in document.deployment(name).rows if it.per_day == load)
        assert sum(amounts[column] for _, amounts in values["items"]) == pytest.approx(row.total)


def test_the_page_sets_itself_beside_both_reports(document: CostDocument) -> None:
    text = rendered(document)
    assert f"50 to 77{NARROW}%" in text.replace("\n", " ")
    assert "https://doi.org/10.1007/s11761-017-0208-y" in text
    assert "Prime Video 2023" in text
    saved = {load: share for load, *_, share in cost.context(document)["saved"]}
    assert saved[1e2] > saved[1e5] > saved[1e8]


@pytest.mark.parametrize("verdict", Verdict)
def test_the_sentences_follow_the_verdicts(document: CostDocument, verdict: Verdict) -> None:
    changed = replace(document, claims=[replace(it, verdict=verdict) for it in document.claims])
    opening = rendered(changed).split("\n## ")[0]
    assert ("the verdict is inconclusive" in opening) == (verdict is Verdict.INCONCLUSIVE)
    assert ("the claim is not supported" in opening) == (verdict is Verdict.NOT_SUPPORTED)
    decision = opening.partition("**For a decision:**")[2].lower()
    assert ("this run leaves open" in decision) == (verdict is Verdict.INCONCLUSIVE)


def cheaper_instances(document: CostDocument) -> CostDocument:
    """Return the document with the monolith's instances at half of their price."""

    def halved(row: CostRow) -> CostRow:
        return replace(row, total=row.total / 2)

    deployments = [
        replace(it, rows=[halved(row) for row in it.rows]) if it.name == "monolith-ec2" else it
        for it in document.deployments
    ]
    return replace(document, deployments=deployments)


def without_a_peak(document: CostDocument) -> CostDocument:
    """Return the document with functions that are cheaper at any peak."""
    return replace(
        document, break_evens=[replace(it, peak_to_mean=None) for it in document.break_evens]
    )


@pytest.mark.parametrize("change", [cheaper_instances, without_a_peak])
def test_a_document_that_contradicts_the_sentences_is_refused(
    document: CostDocument, change: Callable[[CostDocument], CostDocument]
) -> None:
    with pytest.raises(OutdatedSentencesError, match="Rewrite the sentences"):
        cost.context(change(document))


def test_a_measured_function_is_called_measured(document: CostDocument) -> None:
    assert "The function's CPU time is the worker's" in rendered(document)
    sides = {
        name: replace(it, is_function_measured=True) for name, it in document.architectures.items()
    }
    text = rendered(replace(document, architectures=sides))
    assert "The function was measured under an emulator" in text
    assert re.search(r"seconds of a warm call, x86 \| [\d.]+ · [\d.]+, measured", text)


def test_the_page_of_a_user_s_run_leads_nowhere_else(document: CostDocument) -> None:
    files = page.files(document)
    assert set(files) == {"cost.md", "cost.svg"}
    text = files["cost.md"]
    assert "](cost.svg)" in text
    assert "](../" not in text
    assert "](images/" not in text
    assert files["cost.svg"].startswith("<svg")


def test_the_figure_can_be_read_without_seeing_it(document: CostDocument) -> None:
    drawing = figure(document)
    assert "<title" in drawing
    for line in LINES:
        assert names.deployment(line.name) in drawing
    first, *_ = document.deployment("monolith-fargate").rows
    assert f"{names.dollars(first.total)} at 100," in drawing


def test_the_terminal_shows_all_costs_crossings_and_claims(document: CostDocument) -> None:
    output = io.StringIO()
    terminal.show(document, Console(file=output, width=200))
    text = output.getvalue()
    for deployment in document.deployments:
        assert names.deployment(deployment.name) in text
    for crossing in document.crossings:
        assert names.crossing(crossing) in text
    for claim in document.claims:
        assert claim.statement in text
    assert document.prices.note in text
