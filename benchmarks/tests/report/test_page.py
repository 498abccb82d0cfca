"""The page: self-contained, honest about what is void, and usable by everyone."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.experiments.scaling.claims import CLAIMS
from benchmarks.report import rendering
from benchmarks.tests.report.made_up import Circumstances
from benchmarks.tests.report.outline import Outline
from benchmarks.tests.report.sample import (
    SWEEPS,
    drawn_page,
    everything,
    first_trial,
    results,
    scaling,
    trials,
    unsaturated,
)


@pytest.fixture(scope="module")
def drawn() -> str:
    return drawn_page()


@pytest.fixture(scope="module")
def outline(drawn: str) -> Outline:
    return Outline(drawn)


def test_it_needs_nothing_from_elsewhere(drawn: str, outline: Outline) -> None:
    beside = {"results.json", "environment.json", "conformance.json", "raw/", "logs/", "data:,"}
    beside |= {f"raw/{it.name}/" for it in scaling(everything()).trials}
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
    assert len(spoken) > 25
    for drawing in spoken:
        for name in str(drawing["aria-labelledby"]).split():
            assert name in outline.ids
    assert all(it.get("aria-hidden") == "true" for it in drawings if it not in spoken)
    assert "monolith: 1: 10" in drawn, "a drawing's description gives its figures"


def test_no_colour_is_left_that_only_stands_for_one(drawn: str) -> None:
    inside = "".join(re.findall(r"<svg.*?</svg>", drawn, re.DOTALL))
    assert not re.findall(r"#[0-9a-f]{6}\b", inside)
    used = {*re.findall(r"var\((--[a-z0-9-]+)\)", drawn)}
    assert used <= {*re.findall(r"(--[a-z0-9-]+):", drawn)}


def test_tables_are_captioned_and_can_be_scrolled_with_a_key(outline: Outline) -> None:
    assert outline.count("table") == outline.count("caption")
    scrolled = [
        attributes for _, attributes in outline.elements if attributes.get("class") == "scroll"
    ]
    assert all(it.get("tabindex") == "0" and it.get("aria-label") for it in scrolled)


def test_verdicts_come_first(drawn: str) -> None:
    first = drawn.index('class="verdict')
    assert first < drawn.index("<figure")
    assert first < drawn.index("Threats to validity")


def test_every_claim_has_its_detectable_effect(drawn: str) -> None:
    claims = scaling(everything()).claims
    assert drawn.count('<p class="claim">') == len(claims) == len(CLAIMS)
    assert (
        drawn.count("With 3 blocks that vary like this, 9 of 10 runs would support an effect of")
        >= 3
    )
    assert "An interval of ±5\u202f% takes " in drawn


def test_sections_are_in_their_order(outline: Outline) -> None:
    found = [it.removeprefix("sweep-") for it in outline.ids if it.startswith("sweep-")]
    assert sorted(found) == sorted(it.name for it in SWEEPS if it.kind != "overhead")
    assert "overhead" in outline.ids, "it has a card of its own, before them"
    assert found == [
        "load",
        "waiting",
        "work",
        "replicas-working",
        "replicas-waiting",
        "elasticity",
        "floor",
    ]


def test_there_is_no_winner(drawn: str) -> None:
    assert "There is no overall winner" in drawn
    assert not re.search(r"\b(wins|winning|beats|superior|the better)\b", drawn)


def test_a_void_trial_is_in_plain_sight() -> None:
    text = Outline(rendering.render(results(trials(lost=2)))).in_plain_sight
    assert "1 of 6 trials void" in text
    assert "6 is void (load, block 3, services): the generator got 202 for" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "measured",
    [[], [first_trial()], [unsaturated(it) for it in trials()]],
    ids=["nothing", "one-arm", "unsaturated"],
)
@pytest.mark.parametrize("sweeps", [SWEEPS[1:2], SWEEPS], ids=["load", "all"])
def test_a_poor_run_still_makes_a_page(measured: list[Any], sweeps: Any) -> None:
    outline = Outline(rendering.render(results(measured, sweeps)))
    is_stated = "Nothing was measured that counts." in outline.in_plain_sight
    assert is_stated == (sweeps == SWEEPS), "of claims, which a sweep of loads alone has not"


def test_trials_are_listed_with_how_the_generator_fared(drawn: str) -> None:
    assert "load: 6 trials; generator at most 5\u202f%" in drawn
    for head in ("generator", "lag p99, ms", "lag max, ms", "sent", "other work"):
        assert f">{head}</th>" in drawn


def test_a_clock_that_was_off_is_noted_at_its_trial() -> None:
    noted = rendering.render(results([first_trial(Circumstances(drift_ms=150.0, skew_ms=-300.0))]))
    assert "The generator&#39;s wall clock was set by 150 ms during the trial." in noted
    assert "The target&#39;s clock is 300 ms behind the generator&#39;s." in noted
    assert "wall clock was set" not in rendering.render(results([first_trial()]))


def test_a_selection_of_the_suite_is_named() -> None:
    document = results(trials())
    selected = {
        arm: replace(found, selection="test_tokens") for arm, found in document.conformance.items()
    }
    drawn = rendering.render(replace(document, conformance=selected))
    assert "150 of 150 selected conformance cases passed" in drawn
    assert "150 of 150 cases, those of <code>test_tokens</code>" in drawn


def test_what_comes_from_outside_is_escaped() -> None:
    drawn = rendering.render(results(trials(), status="stopped: <script>alert(1)</script>"))
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


@pytest.mark.slow
def test_the_same_results_give_the_same_page(drawn: str) -> None:
    assert rendering.render(everything()) == drawn
