"""The edge experiment's page and its end in the terminal, from hand-made trials."""

import re

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.experiments.edge.summary import summarize
from benchmarks.report import formats, headlines, overview, rendering
from benchmarks.results_model import reading
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.edge import EdgeResults
from benchmarks.tests.experiments.edge.made_up import trial
from benchmarks.tests.experiments.edge.test_summary import ALONE, BOTH, run
from benchmarks.tests.report import sample


@pytest.fixture(scope="module")
def around() -> ResultsDocument:
    """A document of another experiment, for what all have in common."""
    return sample.results(sample.trials())


@pytest.fixture(scope="module")
def whole(around: ResultsDocument) -> ResultsDocument:
    return reading.check(replace(around, experiments={"edge": summarize([BOTH], run())}))


@pytest.fixture(scope="module")
def page(whole: ResultsDocument) -> str:
    return rendering.render(whole)


def test_the_document_keeps_the_schema(whole: ResultsDocument, around: ResultsDocument) -> None:
    assert reading.check(whole) == whole
    nothing = replace(around, experiments={"edge": summarize([BOTH], [])})
    assert reading.check(nothing).experiment == "edge"


def test_each_claim_has_its_card_with_what_it_depends_on(page: str) -> None:
    cards = page[page.index('aria-label="Verdicts"') : page.index("</section>")]
    assert cards.count('class="verdict') == 4
    assert cards.count("What it depends on") == 4
    assert "The monolith alone" in cards


def test_each_kind_of_visit_is_drawn_and_in_the_table(page: str) -> None:
    for architecture in ("monolith", "microservices"):
        for kind in ("first-visit", "return-visit", "image"):
            assert f'id="visits-{architecture}-{kind}-description"' in page
    assert page.count('<td class="text">first visit</td>') == 8
    assert "first visit, application: 30.6" in page


def test_the_drawings_use_the_page_s_colours_alone(page: str) -> None:
    for drawn in re.findall(r"<svg role.*?</svg>", page, re.DOTALL):
        assert re.findall(r"#[0-9a-f]{6}\b", drawn) == []


def test_requests_that_the_generator_limited_are_marked(whole: ResultsDocument, page: str) -> None:
    assert "≥ " not in page.split("Every trial", maxsplit=1)[0].replace("with a “≥”", "")
    found = whole.results
    assert isinstance(found, EdgeResults)
    (sweep,) = found.sweeps
    busy = [replace(it, generator_share=0.95) for it in sweep.visits]
    limited = replace(found, sweeps=[replace(sweep, visits=busy)])
    marked = rendering.render(replace(whole, experiments={"edge": limited}))
    assert marked.count("<td>≥ ") == len(busy)


def test_a_void_trial_and_a_disturbed_one_are_named(around: ResultsDocument) -> None:
    made = [trial(block=1, void=("the generator stood still",)), trial(block=2, disturbed=True)]
    found = replace(around, experiments={"edge": summarize([ALONE], made)})
    page = rendering.render(found)
    assert "001-visits-monolith is void</strong>: the generator stood still." in page
    assert "in 1 of 2 trials" in page


def test_the_first_page_of_a_comparison_has_its_answer(whole: ResultsDocument) -> None:
    part = overview.part_of(whole)
    assert part.question == headlines.HEADLINES["edge"].question
    assert part.answer is not None
    assert part.answer.verdict == "supported"
    assert (part.answer.monolith, part.answer.services) == (formats.NONE, formats.NONE)
    assert "from the application 20" in part.answer.answer
    assert part.facts[0].startswith("monolith: a first visit from the edge takes 20.0 ms")


def test_the_terminal_has_each_visit_and_each_verdict(whole: ResultsDocument) -> None:
    console = Console(record=True, width=200)
    rendering.show(whole, console)
    text = console.export_text()
    assert "monolith, first visit, application, 4 connections" in text
    assert text.count("supported") >= 2
    assert "Void" not in text
