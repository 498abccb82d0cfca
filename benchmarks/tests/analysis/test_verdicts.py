"""Verdicts: each rule by itself, and how often chance alone decides a page of claims."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis.intervals import CONFIDENCE
from benchmarks.analysis.verdicts import (
    FEWEST_BLOCKS,
    Judgement,
    Sample,
    Verdict,
    judge,
    p_value,
    verdict_of,
)

CLEAR = [0.30, 0.31, 0.29, 0.30, 0.32]
NONE = [0.001, -0.001, 0.002, 0.0, -0.002]
WIDE = [0.9, -0.4, 0.5, -0.2, 0.1]


def sample(
    values: list[float], *, smallest: float = 0.05, quiet: list[float] | None = None
) -> Sample:
    return Sample(values, smallest, values if quiet is None else quiet)


def only(found: Sample) -> Judgement:
    return judge({"one": found})["one"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (CLEAR, Verdict.SUPPORTED),
        ([-value for value in CLEAR], Verdict.NOT_SUPPORTED),
        (NONE, Verdict.NO_DIFFERENCE),
        (WIDE, Verdict.INCONCLUSIVE),
        ([0.06, 0.04, 0.05, 0.06, 0.04], Verdict.INCONCLUSIVE),  # excludes 0, not the margin
        ([0.3] * 5, Verdict.SUPPORTED),
        ([0.0] * 5, Verdict.NO_DIFFERENCE),
    ],
)
def test_the_whole_interval_decides(values: list[float], expected: Verdict) -> None:
    assert only(sample(values)).verdict is expected


@pytest.mark.parametrize("count", range(FEWEST_BLOCKS))
def test_fewer_than_five_blocks_decide_nothing(count: int) -> None:
    found = only(sample(CLEAR[:count]))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason.startswith(f"Only {count} block")


def test_two_values_that_lie_close_decide_nothing() -> None:
    """As a run of `make compare` had it: a p95 ratio "held" from 2 of 5 blocks."""
    assert only(sample([1.33, 1.34])).verdict is Verdict.INCONCLUSIVE


def test_the_smallest_effect_that_matters_moves_the_verdict() -> None:
    """A claimed 4.8 %, [0.2 %, 9.3 %], is nothing that matters where 5 % is the least that does."""
    found = [0.045, 0.05, 0.048, 0.046, 0.051]
    assert only(sample(found, smallest=0.02)).verdict is Verdict.SUPPORTED
    assert only(sample(found, smallest=0.10)).verdict is Verdict.NO_DIFFERENCE


def test_more_claims_need_clearer_ones() -> None:
    """Holm: p of 0.03 decides by itself, and not as one of three."""
    values = [0.20, 0.05, 0.17, 0.26, 0.15]
    assert 0.02 < p_value(values, 0.05) < 0.05
    assert only(sample(values)).verdict is Verdict.SUPPORTED
    three = judge({"a": sample(values), "b": sample(WIDE), "c": sample(WIDE)})
    assert three["a"].verdict is Verdict.INCONCLUSIVE
    assert three["a"].confidence == pytest.approx(1 - 0.05 / 3)


def test_the_clearest_claim_is_judged_at_the_strictest_level() -> None:
    found = judge({"weak": sample(WIDE), "clear": sample(CLEAR), "none": sample(NONE)})
    assert found["clear"].verdict is Verdict.SUPPORTED
    assert found["none"].verdict is Verdict.NO_DIFFERENCE
    assert sorted(it.confidence for it in found.values()) == pytest.approx(
        [0.95, 1 - 0.05 / 2, 1 - 0.05 / 3]
    )


def test_a_claim_without_enough_blocks_makes_no_other_claim_harder() -> None:
    found = judge({"a": sample(CLEAR), "few": sample(CLEAR[:4]), "none": sample([])})
    assert found["a"].verdict is Verdict.SUPPORTED
    assert found["a"].confidence == pytest.approx(0.95)
    assert found["few"].verdict is found["none"].verdict is Verdict.INCONCLUSIVE


def test_after_an_inconclusive_claim_none_is_decided() -> None:
    """By Holm the order is that of p. A bootstrap may disagree with it, and then nothing counts."""
    values = [0.21, 0.05, 0.16, 0.25, 0.15]
    found = judge({"a": sample(values), "b": sample(values), "c": sample(values)})
    assert {it.verdict for it in found.values()} == {Verdict.INCONCLUSIVE}
    assert any("by itself" in it.reason for it in found.values())


def test_disturbed_blocks_must_not_decide() -> None:
    found = only(sample([*CLEAR, *CLEAR], quiet=WIDE))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "disturbed 5 blocks" in found.reason
    assert "“supported”" in found.reason


def test_disturbed_blocks_that_change_nothing_are_kept() -> None:
    assert only(sample([*CLEAR, 0.33], quiet=CLEAR)).verdict is Verdict.SUPPORTED


def test_too_few_quiet_blocks_decide_nothing() -> None:
    assert only(sample(CLEAR, quiet=CLEAR[:4])).verdict is Verdict.INCONCLUSIVE


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=12), st.floats(0.01, 0.3))
def test_turning_the_claim_round_turns_the_verdict_round(
    values: list[float], smallest: float
) -> None:
    mirrored = {
        Verdict.SUPPORTED: Verdict.NOT_SUPPORTED,
        Verdict.NOT_SUPPORTED: Verdict.SUPPORTED,
    }
    found = verdict_of(values, smallest, CONFIDENCE)
    reverse = verdict_of([-value for value in values], smallest, CONFIDENCE)
    assert reverse is mirrored.get(found, found)


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=12), st.floats(0.01, 0.3))
def test_p_is_the_level_at_which_the_claim_is_just_decided(
    values: list[float], smallest: float
) -> None:
    p = p_value(values, smallest)
    if not 1e-6 < p < 0.5:
        return
    assert verdict_of(values, smallest, 1 - p * 1.001) is not Verdict.INCONCLUSIVE
    assert verdict_of(values, smallest, 1 - p * 0.999) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("smallest", [0.0, -0.1, float("inf"), float("nan")])
def test_a_smallest_effect_is_above_zero(smallest: float) -> None:
    with pytest.raises(ValueError, match="smallest effect"):
        only(sample(CLEAR, smallest=smallest))


@pytest.mark.parametrize(("blocks", "sd"), [(5, 0.03), (5, 0.10), (20, 0.10)])
def test_chance_alone_seldom_decides_any_claim_of_a_page(blocks: int, sd: float) -> None:
    """Eight claims about the same against the same: any is decided in 1 of 20 pages at most."""
    noise = np.random.default_rng(11)
    pages, alarms = 120, 0
    for _ in range(pages):
        claims = {str(number): sample([*noise.normal(0.0, sd, size=blocks)]) for number in range(8)}
        found = {it.verdict for it in judge(claims).values()}
        alarms += bool(found & {Verdict.SUPPORTED, Verdict.NOT_SUPPORTED})
    assert alarms / pages <= 0.05


def test_a_planted_effect_is_found() -> None:
    """A tenth more with a scatter of 2 %: one claim of three, in at least 9 of 10 pages."""
    noise = np.random.default_rng(12)
    pages, hits = 60, 0
    for _ in range(pages):
        claims = {
            "planted": sample([*noise.normal(0.10, 0.02, size=5)], smallest=0.03),
            "none": sample([*noise.normal(0.0, 0.02, size=5)]),
            "other": sample([*noise.normal(0.0, 0.10, size=5)]),
        }
        hits += judge(claims)["planted"].verdict is Verdict.SUPPORTED
    assert hits / pages >= 0.9


@pytest.mark.parametrize(
    ("values", "start", "end"),
    [
        (CLEAR, "The whole 95 % interval lies beyond", "5 %, the least that matters."),
        ([-value for value in CLEAR], "The whole 95 % interval", "on the other side."),
        (NONE, "The whole 95 % interval lies within", "5 %, the least that matters."),
        ([0.06, 0.04, 0.05, 0.06, 0.04], "Probably true, since the 95 % interval", "stays open."),
        ([-0.06, -0.04, -0.05, -0.06, -0.04], "Probably the reverse", "stays open."),
        (WIDE, "The 95 % interval includes equality", "over 5 %, the least that matters."),
    ],
)
def test_the_reason_names_the_least_that_matters(values: list[float], start: str, end: str) -> None:
    found = only(Sample(values, 0.05, values, least="5 %"))
    assert found.reason.startswith(start)
    assert found.reason.endswith(end)
    assert "5 %" in found.reason


def test_the_interval_that_decided_is_kept() -> None:
    found = judge({"clear": sample(CLEAR), "weak": sample(WIDE)})
    clear, weak = found["clear"], found["weak"]
    assert clear.low is not None
    assert clear.high is not None
    assert 0.05 < clear.low < 0.304 < clear.high
    assert weak.low is not None
    assert weak.low < 0
    assert only(sample(CLEAR[:4])).low is None
