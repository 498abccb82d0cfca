"""A claim as text and as a card: the direction of its sentence, both sides, and its verdict."""

import re

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report import claim_texts
from benchmarks.report.template_environment import environment
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.tests.report.judged import cases_of, claim_of, difference_of, restating
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
    assert claim_texts.sides(claim_of()) == "services 100 ms, monolith 80.0 ms"
    assert claim_texts.sides(difference_of()) == (f"services 80.0{NARROW}%, monolith 70.0{NARROW}%")
    assert claim_texts.sides(claim_of(first=None)).startswith("services \u2013")


def test_the_smallest_effect_that_matters_in_words() -> None:
    assert claim_texts.smallest(claim_of()) == f"5{NARROW}%, either way"
    assert claim_texts.smallest(difference_of()) == "a difference of 2.0 points"


def test_power_leaves_room_for_a_smaller_effect_that_was_found() -> None:
    """An effect of 4.8 % may be found though 9 of 10 runs find only those from 7.8 % on."""
    text = claim_texts.power(claim_of())
    assert "With 2 blocks that vary like this, 9 of 10 runs would support" in text
    assert f"an effect of 7.8{NARROW}%; a smaller one is found less often." in text
    assert f"An interval of ±5{NARROW}% takes 7 blocks." in text
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
    assert re.search(r"<dt>services</dt><dd>.+?</dd><dt>monolith</dt><dd>.+?</dd>", drawn)
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


def test_few_cases_are_counted_and_no_percentage() -> None:
    few = cases_of(8)
    assert claim_texts.sides(few) == "monolith 1 of 8, services 0 of 8"
    assert claim_texts.compared(few.value, few) == "+1 of 8"
    assert claim_texts.interval(few, few) == "\u22122.4 to +4 of 8"
    assert claim_texts.compared(0.25, few, 4) == "+1 of 4"
    assert "%" not in claim_texts.sides(few) + card(few).partition("<p class=")[0]
    assert "strip-block" not in card(few)
    many = cases_of(40)
    assert claim_texts.sides(many).startswith(f"monolith 1 of 40 (2.5{NARROW}%)")
    assert claim_texts.compared(many.value, many) == "+2.5 points"


def test_the_interval_that_decided_is_shown_where_it_is_another() -> None:
    claim = claim_of(judged_at=0.975, judged_low=1.12, judged_high=1.4)
    assert claim_texts.deciding(claim) == f"97.5{NARROW}%: 1.120 to 1.400"
    assert f"decided by 97.5{NARROW}%: 1.120 to 1.400" in card(claim)
    assert claim_texts.deciding(claim_of(judged_at=0.95, judged_low=1.1, judged_high=1.4)) == ""
    assert claim_texts.deciding(restating()) == ""


def test_a_claim_that_restates_another_has_that_one_in_words() -> None:
    """Its name is of no use to a reader."""
    reason = claim_texts.restated([claim_of(), restating()], restating())
    assert reason == ("It belongs to “The services need more CPU.” and has no verdict of its own.")
    assert claim_texts.restated([claim_of()], claim_of()) == claim_of().reason
