"""A claim as text and as a card: the direction of its sentence, both sides, and its verdict."""

import re

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report import claim_texts
from benchmarks.report.template_environment import environment
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.tests.report.judged import claim_of, difference_of, restating
from benchmarks.tests.report.outline import Outline

NARROW = "\u202f"


def card(claim: JudgedClaim) -> str:
    template = environment().from_string(
        '{% from "card.html.j2" import claim_card %}{{ claim_card(claim) }}'
    )
    return template.render(claim=claim)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.952, "0.952"), (1.0541, "1.054"), (2.937, "2.94"), (13.77, "13.8"), (1377.2, "1\u202f377")],
)
def test_a_large_ratio_is_a_factor_and_no_percentage(value: float, expected: str) -> None:
    assert claim_texts.compared(value, claim_of()) == expected


def test_a_difference_has_its_sign_and_unit() -> None:
    share, seconds = difference_of(), difference_of(unit="s")
    assert claim_texts.compared(0.1234, share) == "+12.3 points"
    assert claim_texts.compared(-0.05, share) == "\u22125.0 points"
    assert claim_texts.compared(-1.25, seconds) == "\u22121.25 s"
    assert claim_texts.compared(None, seconds) == "\u2013"
    assert claim_texts.interval(difference_of(low=-0.02), share) == "\u22122.0 to +15.0 points"
    assert claim_texts.interval(claim_of(low=None, high=None), share) == "\u2013"


def test_both_sides_have_their_values_with_units() -> None:
    assert claim_texts.sides(claim_of()) == "microservices 100 ms, monolith 80.0 ms"
    assert claim_texts.sides(difference_of()) == (
        f"microservices 80.0{NARROW}%, monolith 70.0{NARROW}%"
    )
    assert claim_texts.sides(claim_of(first=None)).startswith("microservices \u2013")


def test_the_smallest_effect_that_matters_in_words() -> None:
    assert claim_texts.smallest(claim_of()) == "a ratio of 1.05, either way"
    assert claim_texts.smallest(difference_of()) == "a difference of 2.0 points"


def test_power_leaves_room_for_a_smaller_effect_that_was_found() -> None:
    """An effect of 4.8 % may be found though 9 of 10 runs find only those from 7.8 % on."""
    text = claim_texts.power(claim_of())
    assert f"in 9 of 10 runs of 2 blocks for effects from ±7.8{NARROW}% on" in text
    assert "a smaller effect may be found too" in text
    assert f"For ±5{NARROW}%: 7 blocks." in text
    assert claim_texts.power(difference_of()) == ""
    assert claim_texts.power(claim_of(scatter=None)).startswith("Too few blocks")
    assert claim_texts.power(claim_of(scatter=0.0)).startswith("The blocks don't vary")


@pytest.mark.parametrize("verdict", Verdict)
def test_a_card_has_the_verdict_and_its_reason(verdict: Verdict) -> None:
    drawn = card(claim_of(verdict=verdict))
    style = claim_texts.VERDICT_CLASSES[verdict]
    assert f'<div class="verdict {style}">{verdict}</div>' in drawn
    assert "The 99\u202f% interval lies beyond the smallest effect that matters." in drawn


@pytest.mark.parametrize("claim", [claim_of(), difference_of()], ids=["ratio", "difference"])
def test_a_card_has_both_sides_and_what_it_depends_on(claim: JudgedClaim) -> None:
    drawn = card(claim)
    outline = Outline(drawn)
    assert outline.open == []
    for text in (claim.statement, claim.words.replace(" %", "\u202f%"), "Why:"):
        assert text in outline.in_plain_sight
    assert re.search(r"<dt>microservices</dt><dd>.+?</dd><dt>monolith</dt><dd>.+?</dd>", drawn)
    assert "<li>The core is full.</li>" in drawn
    assert drawn.count("<svg") == 1


def test_a_card_has_the_alternatives_opened() -> None:
    drawn = card(claim_of())
    opened = drawn[drawn.index("<details open>") :].partition("</details>")[0]
    assert "With a warm cache: <b>1.100</b> (0.900 to 1.300), inconclusive" in opened
    assert "<details open>" not in card(difference_of())


def test_a_card_marks_disturbed_blocks() -> None:
    drawn = card(claim_of())
    assert '<tr class="disturbed"><th scope="row">2 <small>disturbed</small></th>' in drawn
    assert drawn.count("disturbed</small>") == 1
    assert drawn.count("strip-block disturbed") == 1


def test_a_claim_that_restates_another_has_no_verdict_of_its_own() -> None:
    drawn = card(restating())
    assert '<div class="verdict none">restates another claim</div>' in drawn
    assert "1.250" in drawn
    assert "The smallest effect" not in drawn
    assert not any(f">{verdict}<" in drawn for verdict in Verdict)


def test_a_claim_without_a_value_has_no_plot() -> None:
    drawn = card(claim_of(value=None, low=None, high=None, first=None, second=None, blocks=[]))
    assert "<svg" not in drawn
    assert "interval" not in drawn.partition('class="words"')[0]
