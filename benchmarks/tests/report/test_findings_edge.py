"""The page on the edge, from hand-made trials."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.edge.summary import summarize
from benchmarks.report.findings import edge
from benchmarks.report.findings.errors import OutdatedSentencesError
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.findings.markdown import environment
from benchmarks.results_model.edge import EdgeResults
from benchmarks.tests.experiments.edge.made_up import trial
from benchmarks.tests.experiments.edge.test_summary import ALONE, BOTH, run
from benchmarks.tests.report import sample


@pytest.fixture(scope="module")
def results() -> EdgeResults:
    return summarize([BOTH], run())


def page(results: EdgeResults) -> str:
    document = sample.results(sample.trials())
    origin: dict[str, Any] = {
        "source": "example-edge/results.json",
        "folder": "example-edge",
        "run": document.run,
        "environment": document.environment,
    }
    template = environment().get_template("findings-edge.md.j2")
    return template.render({**edge.context(results), **origin})


def test_the_page_has_its_figures(results: EdgeResults) -> None:
    text = page(results)
    assert "a difference of +20.07 ms" in text
    assert "| monolith, first visit | 20.07 · 0.00 | 30.62 · 4.53 |" in text
    assert "| services, image | 3.01 · 2.01 |" in text
    assert "| monolith, first visit | 20.0 | 20.0 |" in text
    assert "A first visit has 25 requests." in text
    assert text.count("](images/") == 1
    assert "## What this doesn't show" in text


@pytest.mark.parametrize("verdict", Verdict)
def test_the_decision_follows_the_verdicts(results: EdgeResults, verdict: Verdict) -> None:
    changed = replace(results, claims=[replace(it, verdict=verdict) for it in results.claims])
    decision = page(changed).split("**For a decision:**")[1].split("\n\n")[0]
    assert ("this run leaves open" in decision.lower()) == (verdict is Verdict.INCONCLUSIVE)
    assert ("Send the page from an edge" in decision) == (verdict is Verdict.SUPPORTED)


def test_a_run_of_one_architecture_is_refused() -> None:
    with pytest.raises(OutdatedSentencesError, match="architectures that were visited"):
        edge.context(summarize([ALONE], [trial(block=block) for block in range(1, 6)]))


def test_the_figure_is_a_file_of_its_own(results: EdgeResults) -> None:
    drawn = figure_file(edge.figure(results))
    assert re.search(r'<svg width="\d+" height="\d+"', drawn)
    assert "first visit, application: 30.6" in drawn
    for kind in ("application", "other processes of the units", "edge", "backing services"):
        assert f">{kind}</text>" in drawn, "the legend"
