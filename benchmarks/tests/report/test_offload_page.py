"""The offload experiment's page and its end in the terminal, from trials made by hand."""

import io
import re
from functools import cache

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.experiments.offload.summary import summarize
from benchmarks.report import rendering
from benchmarks.report.overview import part_of
from benchmarks.results_model import reading
from benchmarks.results_model.document import ResultsDocument
from benchmarks.tests.experiments.offload.made_up import cold, steady, stepped
from benchmarks.tests.experiments.offload.test_summary import (
    BACK_SECONDS,
    BUSY,
    COLD,
    READY_MS,
    STEP,
    latency,
)
from benchmarks.tests.report import sample
from benchmarks.tests.report.outline import Outline


@cache
def document(blocks: int = 5) -> ResultsDocument:
    trials = [
        *steady(BUSY, latency, blocks),
        *cold(COLD, READY_MS, blocks),
        *stepped(STEP, BACK_SECONDS, blocks),
    ]
    found = summarize([BUSY, COLD, STEP], trials)
    around = sample.results(sample.trials())
    return reading.check(replace(around, experiments={"offload": found}))


@pytest.fixture(scope="module")
def whole() -> ResultsDocument:
    return document()


@pytest.fixture(scope="module")
def page(whole: ResultsDocument) -> str:
    return rendering.render(whole)


def test_the_document_survives_json(whole: ResultsDocument) -> None:
    assert reading.check(whole) == whole
    assert reading.check(document(0)).experiment == "offload"


def test_every_sweep_has_its_section_and_its_figures(page: str) -> None:
    outline = Outline(page)
    sections = [it for it in outline.ids if it.startswith("sweep-")]
    assert sections == ["sweep-busy", "sweep-cold", "sweep-step"]
    for figure in (
        "busy-requests",
        "busy-ready",
        "cold-moments",
        "step-steps",
        "step-environments",
    ):
        assert f'id="{figure}-description"' in page
    assert outline.count("table") == outline.count("caption")


def test_places_are_in_words(page: str) -> None:
    for words in (
        "monolith, in the request",
        "monolith, in a worker on another core",
        "monolith, in a function on the API\u2019s core",
        "microservices, in a function",
    ):
        assert f">{words}</th>" in page


def test_the_page_states_where_the_function_runs_and_what_isn_t_on_both_sides(page: str) -> None:
    text = re.sub(r"\s+", " ", page)
    assert "what the load generator leaves of the other core" in text
    assert "Recognition in the request exists on the monolith alone" in text
    assert "AWS waits for minutes" in text


def test_the_share_that_met_a_start_is_shown(page: str) -> None:
    assert ">0.9\u202f%</td>" in page, "5 of 550"
    assert "100\u202f% <small>" in page, "of a burst"


def test_a_run_without_anything_that_counts_has_a_page() -> None:
    assert "Nothing was measured that counts." in rendering.render(document(0))


def test_the_overview_has_the_question_and_the_cold_starts(whole: ResultsDocument) -> None:
    part = part_of(whole)
    assert part.answer is not None
    assert part.answer.statement.startswith("While images are recognized in the request")
    assert "monolith, in a function: 5 of 550 submissions met a cold start." in part.facts


def test_the_terminal_has_a_line_for_each_arm(whole: ResultsDocument) -> None:
    written = io.StringIO()
    rendering.show(whole, Console(file=written, width=200))
    text = written.getvalue()
    assert "busy, monolith, in the request: p95 in ms: sign in" in text
    assert "cold, monolith-function: at rest 5 of 5 met a start" in text
    assert "up to 4 environments, none 11.0 s after the load" in text
