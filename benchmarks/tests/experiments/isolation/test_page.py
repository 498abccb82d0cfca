"""The page and the terminal of a made-up run."""

import io
import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.experiments.isolation.summary import summarize
from benchmarks.report import rendering
from benchmarks.results_model import reading
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.tests.experiments.isolation.made_up import make
from benchmarks.tests.report.sample import results as sampled
from benchmarks.tests.report.sample import trials


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> IsolationResults:
    return summarize(make(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def document(found: IsolationResults) -> ResultsDocument:
    made = sampled(trials())
    order = [fault.name for fault in (*found.faults, *found.nulls)]
    made = replace(made, run=replace(made.run, order=order), experiments={"isolation": found})
    return reading.check(made)


def test_a_comment_is_no_fault(found: IsolationResults, document: ResultsDocument) -> None:
    (null,) = found.nulls
    assert all(side.caught == "by nothing" for side in null.sides.values())
    page = rendering.render(document)
    assert "No tests failed in 1 change of a comment on each side." in page
    assert "Tests failed though only a comment was changed" not in page


def test_a_comment_that_turns_something_red_is_warned_of(document: ResultsDocument) -> None:
    assert isinstance(document.results, IsolationResults)
    null = replace(document.results.faults[0], name="accounts-null")
    changed = replace(document.results, nulls=[null])
    page = rendering.render(replace(document, experiments={"isolation": changed}))
    assert "Tests failed though only a comment was changed" in page


def test_the_page_has_the_matrix_the_waits_and_every_fault(document: ResultsDocument) -> None:
    page = rendering.render(document)
    cells = re.findall(r'<td class="cell ([^"]*)"><span aria-hidden="true">([^<]*)</span>', page)
    assert ("red own first", "1") in cells
    assert ("red", "1") in cells, "a test of another component"
    assert any(look.startswith("unable") for look, _ in cells)
    assert "1 red of 2" in page, "for screen readers"
    assert 'id="verdict-seconds-description"' in page
    assert "Something is &lt;different&gt;." in page
    for section in ("suites", "matrix", "waits", "teams", "faults", "method", "environment"):
        assert f'id="{section}"' in page
        assert f'href="#{section}"' in page
    assert "block" not in re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)


def test_a_suite_s_seconds_alone_stand_beside_its_limit(
    found: IsolationResults, document: ResultsDocument
) -> None:
    alone = {suite.name: suite.alone for suite in found.suites}
    assert alone["monolith"] is not None
    assert alone["monolith"].seconds == 77.0
    assert alone["accounts"] is None, "not run"
    assert "<td>77</td><td>120</td>" in rendering.render(document)


def test_an_empty_run_still_has_a_page(document: ResultsDocument, tmp_path: Path) -> None:
    (tmp_path / "raw" / "base").mkdir(parents=True)
    empty = replace(document, experiments={"isolation": summarize(tmp_path)})
    assert "No fault was completed on both sides." in rendering.render(reading.check(empty))


def test_the_terminal_has_the_suites_and_the_verdicts(document: ResultsDocument) -> None:
    screen = io.StringIO()
    rendering.show(document, Console(file=screen, width=100))
    assert "The suites, each in a folder of its own, without a fault" in screen.getvalue()
    assert "monolith: of 2 faults 2 by the owner's tests" in screen.getvalue()
