"""The findings page on offloading, from trials made by hand: whole runs and short ones."""

from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.experiments.offload.summary import summarize
from benchmarks.report.findings import offload
from benchmarks.report.findings.figure_file import figure_file
from benchmarks.report.findings.markdown import environment
from benchmarks.results_model.experiments import OffloadResults
from benchmarks.tests.experiments.offload.made_up import steady, sweep_named
from benchmarks.tests.experiments.offload.test_summary import latency
from benchmarks.tests.report import sample
from benchmarks.tests.report.test_offload_page import document

QUICK = sweep_named("busy", "quick")
ORIGIN: dict[str, Any] = {
    "source": "example-offload/results.json",
    "folder": "example-offload",
    "run": sample.results(sample.trials()).run,
    "environment": sample.results(sample.trials()).environment,
}


def text(results: OffloadResults) -> str:
    template = environment().get_template("findings-offload.md.j2")
    return template.render(**offload.context(results), **ORIGIN)


@pytest.fixture(scope="module")
def whole() -> OffloadResults:
    results = document().results
    assert isinstance(results, OffloadResults)
    return results


@pytest.fixture(scope="module")
def page(whole: OffloadResults) -> str:
    return text(whole)


def test_the_page_has_every_place_with_its_latencies(page: str) -> None:
    assert "| monolith, in the request | 10" in page
    assert "| monolith, in a function on the API\u2019s core | 5" in page
    assert "15 of 1\u202f650 submissions to functions under steady arrivals met one." in page


def test_cold_starts_and_the_step_have_their_tables(page: str) -> None:
    assert "| monolith, function, in a burst | 100 of 100 | 4\u202f012 |" in page
    assert "| monolith, function | 4." in page
    assert "| 4 · 11.0 s |" in page
    assert "in 5 of 5 | \u2013 · \u2013 |" in page, "workers have no environments"


def test_a_run_without_these_sweeps_has_no_section_for_them() -> None:
    short = text(summarize([QUICK], steady(QUICK, latency)))
    assert "## What does a cold start cost?" not in short
    assert "## Who is quicker after a step in load?" not in short
    assert "## How long do requests take?" in short


def test_the_advice_follows_the_verdicts(whole: OffloadResults) -> None:
    assert "take the work out of the request first" in text(whole)
    assert "This run leaves open whether a function makes reads quicker" in text(whole)
    decided = [
        replace(claim, verdict="not supported") if claim.name == "worker-reads" else claim
        for claim in whole.claims
    ]
    other = text(replace(whole, claims=decided))
    assert "A function makes reads no quicker than a worker does" in other


def test_the_figure_has_the_places_in_words(whole: OffloadResults) -> None:
    drawn = figure_file(offload.figure(whole))
    assert "monolith, in the request: sign in" in drawn
    assert drawn.startswith("<svg width=")
