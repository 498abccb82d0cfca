"""The page and the terminal of a made-up run."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.experiments.isolation.summary import summarize
from benchmarks.report import rendering
from benchmarks.report.isolation.matrix import first_failure
from benchmarks.results_model import reading
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.isolation_faults import SuiteRun, TierName
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


@pytest.fixture(scope="module")
def page(document: ResultsDocument) -> str:
    return rendering.render(document)


def test_a_comment_is_no_fault(found: IsolationResults, page: str) -> None:
    (null,) = found.nulls
    assert all(side.caught == "by nothing" for side in null.sides.values())
    assert "No tests failed in 1 change of a comment on each side." in page
    assert "Tests failed though only a comment was changed" not in page


def test_a_comment_that_turns_something_red_is_warned_of(document: ResultsDocument) -> None:
    assert isinstance(document.results, IsolationResults)
    null = replace(document.results.faults[0], name="accounts-null")
    changed = replace(document.results, nulls=[null])
    page = rendering.render(replace(document, experiments={"isolation": changed}))
    assert "Tests failed though only a comment was changed" in page


def test_the_page_has_the_matrix_the_waits_and_every_fault(page: str) -> None:
    cells = re.findall(r'<td class="cell ([^"]*)"><span aria-hidden="true">([^<]*)</span>', page)
    assert ("red own", "1") in cells
    assert ("red", "1") in cells, "a test of another component"
    assert any(look.startswith("unable") for look, _ in cells)
    assert "1 failed of 2" in page, "for screen readers"
    assert 'id="verdict-seconds-description"' in page
    assert "Something is &lt;different&gt;." in page
    for section in ("suites", "matrix", "waits", "teams", "faults", "method", "environment"):
        assert f'id="{section}"' in page
        assert f'href="#{section}"' in page
    assert "block" not in re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)


def test_each_side_has_a_matrix_of_its_own(page: str) -> None:
    """Side by side they were wider than the page, and the services' half was out of sight."""
    heads = re.findall(r"<h3 class=\"apart\">Fault by fault: (\w+)</h3>", page)
    assert heads == ["monolith", "services"]
    assert page.count('<table class="faults">') == 4, "of the faults, and of the comment"
    assert re.search(r">\d+ can&#39;t run</span>|>\d+ failed, \d+ can&#39;t run</span>", page)


def run_of(**changes: Any) -> SuiteRun:
    made = SuiteRun(
        suite="monolith",
        tier=TierName.FAST,
        tests=588,
        red=0,
        unable=588,
        problem="",
        seconds=3.0,
        cpu_seconds=2.0,
        first_red="",
    )
    return replace(made, **changes)


def test_a_suite_that_cannot_start_has_that_in_words() -> None:
    """A dash, and "0 red", seemed to be no failure at all."""
    assert first_failure(run_of()) == "the whole suite couldn't start; no test failed"
    assert first_failure(run_of(tests=0)) == "the whole suite couldn't start; no test failed"
    assert first_failure(run_of(tests=600)).startswith("some tests couldn't start")
    assert first_failure(run_of(first_red="a::b", red=1)) == "a::b"
    assert first_failure(run_of(unable=0)) == "\u2013"


def test_the_page_is_named_by_its_question_and_leads_back(
    document: ResultsDocument, page: str
) -> None:
    assert "<title>Whose tests fail when a component breaks?" in page
    assert "all answers" not in page, "it was run alone"
    within = replace(document, run=replace(document.run, id="a-comparison/isolation"))
    assert '<a href="../report.html">\u2190 all answers</a>' in rendering.render(within)


def test_a_suite_s_seconds_alone_stand_beside_its_limit(found: IsolationResults, page: str) -> None:
    alone = {suite.name: suite.alone for suite in found.suites}
    assert alone["monolith"] is not None
    assert alone["monolith"].seconds == 77.0
    assert alone["accounts"] is None, "not run"
    assert "<td>77</td><td>120</td>" in page


def test_an_empty_run_still_has_a_page(document: ResultsDocument, tmp_path: Path) -> None:
    (tmp_path / "raw" / "base").mkdir(parents=True)
    empty = replace(document, experiments={"isolation": summarize(tmp_path)})
    assert "No fault was completed on both sides." in rendering.render(reading.check(empty))


def test_the_terminal_has_the_suites_and_the_verdicts(document: ResultsDocument) -> None:
    screen = io.StringIO()
    rendering.show(document, Console(file=screen, width=100))
    assert "The suites, each in a folder of its own, without a fault" in screen.getvalue()
    assert "monolith: of 2 faults 2 by the owner's tests" in screen.getvalue()
