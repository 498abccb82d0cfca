"""The platform experiment's page and its end in the terminal, from trials made by hand."""

import io
from functools import cache

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.experiments.platform.summary import summarize
from benchmarks.report import rendering
from benchmarks.results_model import reading
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import OtherResults
from benchmarks.results_model.sweeps import AutoscalingSweep
from benchmarks.tests.experiments.platform.made_up import AUTOSCALING, LOAD, loaded, stepped
from benchmarks.tests.experiments.platform.test_summary import MORE_AFTER
from benchmarks.tests.report import sample
from benchmarks.tests.report.outline import Outline


@cache
def document(blocks: int = 2) -> ResultsDocument:
    trials = [*loaded(1.25, blocks), *stepped(MORE_AFTER, blocks=blocks)]
    found = summarize([LOAD, AUTOSCALING], trials)
    around = sample.results(sample.trials())
    return reading.check(replace(around, experiments={"platform": found}))


@pytest.fixture(scope="module")
def page() -> str:
    return rendering.render(document())


def test_the_document_survives_json() -> None:
    assert reading.check(document()) == document()
    assert reading.check(document(0)).experiment == "platform"


def test_every_sweep_has_its_section_and_its_figures(page: str) -> None:
    outline = Outline(page)
    assert [it for it in outline.ids if it.startswith("sweep-")] == [
        "sweep-load",
        "sweep-autoscaling",
    ]
    for figure in ("Processes that the engine ran", "The slowest flow of each second"):
        assert figure in page


def test_a_sweep_whose_curve_is_not_fitted_has_no_heading_for_that(page: str) -> None:
    assert "Universal Scalability Law" not in page
    assert "The fits" not in page


def test_the_page_has_when_there_were_more_processes(page: str) -> None:
    assert "Nothing is ordered" in page
    assert ">14.1<" in page  # the monolith as a whole, first trial


def test_the_terminal_has_a_line_for_each_arm() -> None:
    output = io.StringIO()
    rendering.show(document(), Console(file=output, width=200))
    assert (
        "autoscaling, recognition: first further process 6.1 s after the step, up to 3"
        in output.getvalue()
    )


def test_without_trials_there_is_a_page_without_figures() -> None:
    empty = rendering.render(document(0))
    assert "No trial that counts." in empty
    assert "Processes that the engine ran" not in empty


def test_the_seconds_of_processes_are_priced(page: str) -> None:
    """By hand: half a vCPU and half a GiB cost 0.5 * 0.04048 + 0.5 * 0.004445 dollars an hour."""
    found = document()
    assert isinstance(found.results, OtherResults)
    (autoscaling,) = [it for it in found.results.sweeps if isinstance(it, AutoscalingSweep)]
    seconds = autoscaling.responses[0].process_seconds.mean
    assert seconds is not None
    dollars = 1000 * seconds / 3600 * 0.0224625
    assert f"${dollars:.2f} (monolith-whole)" in page
