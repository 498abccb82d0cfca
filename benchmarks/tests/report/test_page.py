"""The page: self-contained, honest about what is void, and usable by everyone."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from benchmarks.report import page
from benchmarks.tests.report.sample import results, trial, trials, unsaturated

VOID_ELEMENTS = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """What the tests ask about a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.references += [str(found[it]) for it in ("src", "href", "xlink:href") if found.get(it)]
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def count(self, tag: str) -> int:
        return sum(1 for found, _ in self.elements if found == tag)


@pytest.fixture(scope="module")
def drawn() -> str:
    return page.render(results(trials()))


@pytest.fixture(scope="module")
def outline(drawn: str) -> Outline:
    return Outline(drawn)


def test_it_needs_nothing_from_elsewhere(drawn: str, outline: Outline) -> None:
    beside = {"results.json", "environment.json", "conformance.json", "raw/", "logs/", "data:,"}
    assert {it for it in outline.references if not it.startswith("#")} == beside
    assert outline.count("script") == 0
    assert "@import" not in drawn
    assert not re.search(r"url\((?!#)", drawn)


def test_it_is_well_formed(outline: Outline) -> None:
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids)), "ids are unique, those of drawings too"
    inside = {it.removeprefix("#") for it in outline.references if it.startswith("#")}
    assert inside <= set(outline.ids)


def test_every_figure_is_named_for_those_who_hear_it(outline: Outline, drawn: str) -> None:
    drawings = [attributes for tag, attributes in outline.elements if tag == "svg"]
    spoken = [it for it in drawings if it.get("role") == "img"]
    assert len(spoken) == 6
    for drawing in spoken:
        for name in str(drawing["aria-labelledby"]).split():
            assert name in outline.ids
    assert all(it.get("aria-hidden") == "true" for it in drawings if it not in spoken)
    assert "monolith throughput: 1: 6" in drawn, "a drawing's description gives its figures"


def test_figures_have_tables_behind_them(drawn: str, outline: Outline) -> None:
    assert outline.count("table") == 4
    assert outline.count("caption") == 4
    for process in ("monolith-worker-1", "submissions-consumer-1", "postgres"):
        assert f">{process}<" in drawn


def test_verdicts_come_first(drawn: str) -> None:
    first = drawn.index('class="verdict')
    assert first < drawn.index("<figure")
    assert first < drawn.index("Threats to validity")


def test_nobody_wins(drawn: str) -> None:
    assert "Nobody is declared the winner" in drawn
    assert not re.search(r"\b(wins|winning|beats|superior|the better)\b", drawn)


def test_a_void_trial_is_in_plain_sight() -> None:
    drawn = page.render(results(trials(lost=2)))
    assert "1 of 6 trials void" in drawn
    assert "6 is void: the generator was answered 202 for" in drawn


def test_an_interrupted_run_says_so() -> None:
    document = results(trials()[:3])
    document["run"]["status"] = "interrupted"
    document["run"]["finished_at"] = None
    assert "The run is not complete: interrupted." in page.render(document)


@pytest.mark.parametrize(
    "measured",
    [[], [trial(1, 1, "monolith")], [unsaturated(it) for it in trials()]],
    ids=["nothing", "one-arm", "unsaturated"],
)
def test_a_poor_run_still_makes_a_page(measured: list[Any]) -> None:
    Outline(page.render(results(measured)))


def test_other_work_on_the_target_s_core_is_said() -> None:
    drawn = page.render(results([*trials()[:5], trial(6, 3, "microservices", others=0.6)]))
    assert "Something else used 10\u202f% of the target&#39;s core" in drawn
    assert "have no capacity: 06-block3-microservices." in drawn


def test_a_part_of_the_suite_is_called_so() -> None:
    document = results(trials())
    for proof in document["conformance"].values():
        proof["selection"] = "test_tokens"
    drawn = page.render(document)
    assert "150 of 150 selected conformance cases passed" in drawn
    assert "here only a part of it: <code>test_tokens</code>" in drawn


def test_what_comes_from_outside_is_escaped() -> None:
    document = results(trials())
    document["run"]["status"] = "stopped: <script>alert(1)</script>"
    drawn = page.render(document)
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_the_same_results_give_the_same_page(drawn: str) -> None:
    assert page.render(results(trials())) == drawn
