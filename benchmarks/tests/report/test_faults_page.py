"""The faults experiment's page and its end in the terminal, from hand-made trials."""

import re

import pytest
from msgspec.structs import replace
from rich.console import Console

from benchmarks.experiments.faults.summary import summarize
from benchmarks.report import rendering
from benchmarks.report.faults.page import since
from benchmarks.results_model import reading
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.faults_figures import SecondsAfter
from benchmarks.tests.experiments.faults.test_summary import SWEEP, run
from benchmarks.tests.report import sample


def document(blocks: int = 5, *, lost: int = 0) -> ResultsDocument:
    found = summarize([SWEEP], run(blocks, lost=lost))
    around = sample.results(sample.trials())
    return reading.check(replace(around, experiments={"faults": found}))


@pytest.fixture(scope="module")
def whole() -> ResultsDocument:
    return document()


@pytest.fixture(scope="module")
def page(whole: ResultsDocument) -> str:
    return rendering.render(whole)


def test_the_document_keeps_the_schema(whole: ResultsDocument) -> None:
    assert reading.check(whole) == whole
    assert reading.check(document(0)).experiment == "faults"


def test_each_claim_has_its_card_with_what_it_depends_on(page: str) -> None:
    cards = page[page.index('aria-label="Verdicts"') : page.index("</section>")]
    assert cards.count('class="verdict') == 3
    assert cards.count("What it depends on") == 2
    assert "the same code fails equally often" in cards.lower()
    assert "not supported" not in cards


def test_both_maps_have_every_component_and_their_numbers_in_words(page: str) -> None:
    for arm in ("monolith", "microservices"):
        assert f'id="processes-killed-{arm}-description"' in page
    assert "submissions web: sign in 100%, submit 0%, read 0%, page 100%, become ready 0%" in page
    assert "web: sign in 0%, submit 0%, read 0%, page 100%, become ready 0%" in page


def test_the_maps_use_the_page_s_colours_alone(page: str) -> None:
    for drawn in re.findall(r"<svg role.*?</svg>", page, re.DOTALL):
        assert re.findall(r"#[0-9a-f]{6}\b", drawn) == []
        assert "var(--fails)" in drawn


def test_the_page_needs_no_script_and_nothing_from_elsewhere(page: str) -> None:
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="https?:', page) == []


def test_a_lost_submission_is_in_plain_sight() -> None:
    made = rendering.render(document(lost=2))
    assert "2 : 2<small>lost or doubled" in made
    assert '<div class="verdict fails">not supported</div>' in made


def test_a_run_without_a_trial_draws_a_page() -> None:
    assert "Every trial" in rendering.render(document(0))


def test_the_terminal_ends_with_the_verdicts(
    whole: ResultsDocument, capsys: pytest.CaptureFixture[str]
) -> None:
    rendering.show(whole, Console(width=120))
    shown = capsys.readouterr().out
    assert "monolith. One process type killed at a time: available during each fault" in shown
    assert "supported: services \u2212 monolith = +10.7 points" in shown
    assert "supported: monolith: 0 lost, 0 doubled" in shown


def test_seconds_after_a_failure_in_words() -> None:
    assert since(SecondsAfter(mean=None, longest=None, not_seen=2)) == "2 not observed"
    assert since(SecondsAfter(mean=1.0, longest=2.0, not_seen=0)) == "1.0 s"
    assert since(SecondsAfter(mean=1.0, longest=2.0, not_seen=1)).startswith("1.0 s; 1 not")
