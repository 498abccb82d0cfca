"""The contract experiment's page and its end in the terminal, from the committed run."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.report import rendering
from benchmarks.results_model import reading
from benchmarks.results_model.contract import ContractResults, GateVerdict
from benchmarks.results_model.document import ResultsDocument

EXAMPLE = Path(__file__).parents[2] / "results" / "example-contract" / "results.json"


@pytest.fixture(scope="module")
def document() -> ResultsDocument:
    return reading.read(EXAMPLE)


def contract(document: ResultsDocument) -> ContractResults:
    assert isinstance(document.results, ContractResults)
    return document.results


def first(document: ResultsDocument, kind: str) -> str:
    """Return the name of the first change of a kind that the run drew."""
    return next(change.name for change in contract(document).changes if change.kind == kind)


def changed(
    document: ResultsDocument, name: str, side: str, change: Callable[[GateVerdict], GateVerdict]
) -> ResultsDocument:
    """Return the document with other verdicts on one change on one side."""
    found = contract(document)
    changes = []
    for offered in found.changes:
        sides = dict(offered.sides)
        if offered.name == name:
            sides[side] = replace(sides[side], gates=[change(it) for it in sides[side].gates])
        changes.append(replace(offered, sides=sides))
    return replace(document, experiments={"contract": replace(found, changes=changes)})


@pytest.fixture(scope="module")
def page(document: ResultsDocument) -> str:
    return rendering.render(document)


def test_every_change_has_its_row_and_its_details(document: ResultsDocument, page: str) -> None:
    assert 'class="warning"' not in page
    for change in contract(document).changes:
        # Those that break are in the card of the seconds, too.
        times = 2 if change.kind == "breaking" else 1
        assert page.count(f">{change.name}</th>") == times
        assert f"<summary>{change.name} ({change.kind})" in page
    assert not re.search(r"(?:src|href)=.https?:", page)


def test_an_incomplete_change_is_named(document: ResultsDocument) -> None:
    found, missing = contract(document), first(document, "compatible")
    changes = [change for change in found.changes if change.name != missing]
    without = replace(document, experiments={"contract": replace(found, changes=changes)})
    assert f"Not completed on both sides: {missing}." in rendering.render(without)


def test_a_run_that_stopped_early_has_a_warning(document: ResultsDocument) -> None:
    stopped = replace(document, run=replace(document.run, status="interrupted"))
    assert "The run is not complete: interrupted." in rendering.render(stopped)


def test_what_was_decided_wrongly_is_seen(document: ResultsDocument, page: str) -> None:
    def suite_stops(verdict: GateVerdict) -> GateVerdict:
        return replace(verdict, stops=True, seconds=7.0) if verdict.gate == "suite" else verdict

    def never_stops(verdict: GateVerdict) -> GateVerdict:
        return replace(verdict, stops=False)

    harmless, harmful = first(document, "compatible"), first(document, "breaking")
    document = changed(document, harmless, "microservices", suite_stops)
    document = changed(document, harmful, "monolith", never_stops)
    wrong = rendering.render(document)
    assert wrong.count('class="cell unable"') == page.count('class="cell unable"') + 1
    console = Console(record=True, width=200)
    rendering.show(document, console)
    text = console.export_text()
    assert f"Wrong: {harmless} (compatible, microservices) is stopped by suite" in text
    assert f"Wrong: {harmful} (breaking, monolith) is stopped by nothing" in text


def test_the_findings_of_a_gate_are_escaped(document: ResultsDocument) -> None:
    def hostile(verdict: GateVerdict) -> GateVerdict:
        return replace(verdict, stops=True, output=["<script>x</script>"])

    harmful = first(document, "breaking")
    page = rendering.render(changed(document, harmful, "monolith", hostile))
    assert "<script>" not in page
    assert "&lt;script&gt;x" in page
