"""Claims and their measurements become verdicts: by the rules, together, each with its reason."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.experiments.runner.summary.pairs import Pair
from benchmarks.results_model.claims import JudgedClaim, Scale

CPU = Claim(
    name="cpu",
    statement="The services need more CPU.",
    measure="CPU-ms",
    sweep="load",
    unit="ms",
    first="services",
    second="monolith",
    smallest=0.05,
    sentence="the services need {times} the CPU",
    depends=("the machine",),
)
AVAILABLE = replace(
    CPU, name="available", unit="share", smallest=0.02, scale=Scale.DIFFERENCE, sentence=""
)
NOISE = (0.995, 1.0, 1.005, 0.998, 1.002, 1.001)


def pairs(first: float, second: float, blocks: int = 5) -> dict[int, Pair]:
    """Blocks of two sides that scatter by some thousandths."""
    return {
        block: (first * NOISE[block % len(NOISE)], second * NOISE[(block + 3) % len(NOISE)])
        for block in range(1, blocks + 1)
    }


def judged(
    measured: Mapping[int, Pair],
    claim: Claim = CPU,
    *,
    disturbed: frozenset[int] = frozenset(),
    otherwise: Mapping[int, Pair] | None = None,
    per: str = "block",
) -> JudgedClaim:
    alternatives = {} if otherwise is None else {"measured in another way": otherwise}
    (found,) = judge_claims([Measured(claim, measured, disturbed, alternatives, per)])
    return found


@pytest.mark.parametrize(
    ("first", "verdict"),
    [
        (112.0, Verdict.SUPPORTED),
        (88.0, Verdict.NOT_SUPPORTED),
        (101.0, Verdict.NO_DIFFERENCE),
        (105.2, Verdict.INCONCLUSIVE),
    ],
)
def test_a_ratio_is_judged_in_the_direction_of_its_sentence(first: float, verdict: Verdict) -> None:
    found = judged(pairs(first, 100.0))
    assert found.verdict is verdict
    assert found.value == pytest.approx(first / 100, rel=0.01)
    assert found.low is not None
    assert found.high is not None
    assert found.low < first / 100 < found.high
    assert (found.first, found.second) == pytest.approx((first, 100.0), rel=0.01)
    assert found.words.startswith(f"The services need {found.value:.3f} times the CPU (")
    assert found.depends == ["the machine"]
    assert found.judged_at == pytest.approx(0.95)


def test_four_blocks_are_inconclusive_with_the_reason() -> None:
    found = judged(pairs(150.0, 100.0, blocks=4))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == "Only 4 blocks of the 5 that a verdict needs."
    assert found.value == pytest.approx(1.5, rel=0.01), "what was measured is shown all the same"
    assert judged(pairs(150.0, 100.0, blocks=5)).verdict is Verdict.SUPPORTED


def test_a_block_has_the_name_that_the_experiment_gives_it() -> None:
    found = judged(pairs(150.0, 100.0, blocks=1), per="fault")
    assert found.reason == "Only 1 fault of the 5 that a verdict needs."
    assert "in the one fault that counts" in found.words


def test_a_block_without_one_of_its_sides_is_left_out() -> None:
    found = judged({**pairs(150.0, 100.0), 2: (None, 100.0), 6: (150.0, 100.0)})
    assert [block.block for block in found.blocks] == [1, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("first", "sides", "verdict"),
    [
        (112.0, (math.inf, 100.0), Verdict.SUPPORTED),
        (112.0, (100.0, math.inf), Verdict.INCONCLUSIVE),
        (112.0, (math.inf, math.inf), Verdict.INCONCLUSIVE),
        (88.0, (100.0, math.inf), Verdict.NOT_SUPPORTED),
        (88.0, (math.inf, 100.0), Verdict.INCONCLUSIVE),
        (101.0, (math.inf, 100.0), Verdict.INCONCLUSIVE),
        (101.0, (100.0, math.inf), Verdict.INCONCLUSIVE),
        (105.2, (math.inf, 100.0), Verdict.INCONCLUSIVE),
    ],
)
def test_a_block_that_never_ended_stops_a_verdict_that_it_is_against(
    first: float, sides: Pair, verdict: Verdict
) -> None:
    measured = {**pairs(first, 100.0), 6: sides}
    found = judged(measured)
    assert found.verdict is verdict
    assert [block.block for block in found.blocks] == [1, 2, 3, 4, 5], "it has no value"
    (other,) = judged(pairs(first, 100.0), otherwise=measured).alternatives
    assert other.verdict is verdict


def test_the_reason_names_the_sides_that_never_ended() -> None:
    never: dict[int, Pair] = {6: (100.0, math.inf), 7: (math.inf, math.inf)}
    found = judged({**pairs(112.0, 100.0), **never})
    assert found.reason == (
        "In 1 block of “services” and 2 blocks of “monolith” so many flows never ended that there "
        "is no value; without those the verdict would be “supported”."
    )


def test_a_verdict_that_stands_names_the_blocks_without_an_end_too() -> None:
    named = "In 1 block of “services” so many flows never ended that there is no value."
    found = judged({**pairs(112.0, 100.0), 6: (math.inf, 100.0)})
    assert found.reason.endswith(f"the least that matters. {named}")
    few = judged({**pairs(112.0, 100.0, blocks=4), 5: (math.inf, 100.0)})
    assert few.reason == f"Only 4 blocks of the 5 that a verdict needs. {named}"


def test_a_ratio_needs_values_above_0_and_a_difference_may_be_0() -> None:
    measured: dict[int, Pair] = {**pairs(1.5, 1.0), 6: (0.0, 1.0), 7: (1.0, 0.0), 8: (0.0, 0.0)}
    assert [block.block for block in judged(measured).blocks] == [1, 2, 3, 4, 5]
    nothing = judged(dict.fromkeys(range(1, 6), (0.0, 0.0)), AVAILABLE)
    assert len(nothing.blocks) == 5
    assert (nothing.value, nothing.first, nothing.second) == (0.0, 0.0, 0.0)
    assert nothing.verdict is Verdict.NO_DIFFERENCE


def test_a_difference_is_shown_in_its_unit() -> None:
    found = judged(pairs(0.60, 0.50), AVAILABLE)
    assert found.value == pytest.approx(0.10, abs=0.01)
    assert found.words.startswith("Services \u2212 monolith: +10.")
    assert "points" in found.words
    assert found.blocks_for_5_percent is None, "that is for ratios"


def test_one_that_restates_another_has_no_verdict_and_costs_the_others_nothing() -> None:
    alone = judged(pairs(112.0, 100.0))
    again = replace(CPU, name="capacity", restates="cpu")
    both = judge_claims([Measured(it, pairs(112.0, 100.0)) for it in (CPU, again)])
    assert both[0] == alone
    assert both[1].verdict is None
    assert both[1].judged_at is None
    assert both[1].reason == "It restates cpu in other words, so it has no verdict of its own."
    assert both[1].value == alone.value, "it is shown"


def test_claims_of_an_experiment_are_judged_together() -> None:
    """Decided alone; beside nine others, of which none is clearer, the interval is too wide."""
    scattered: dict[int, Pair] = {
        block: (100 * math.exp(0.17 + 0.05 * off), 100.0)
        for block, off in enumerate((-1.6, -0.4, 0.1, 0.6, 1.3), 1)
    }
    assert judged(scattered).verdict is Verdict.SUPPORTED
    many = [replace(CPU, name=f"claim-{number}") for number in range(10)]
    found = judge_claims([Measured(claim, scattered) for claim in many])
    assert {it.verdict for it in found} == {Verdict.INCONCLUSIVE}
    assert found[0].judged_at == pytest.approx(0.995)
    assert found[0].low == judged(scattered).low, "the interval that is shown stays the 95 % one"


def test_disturbed_blocks_are_counted_and_shown() -> None:
    found = judged(pairs(112.0, 100.0, blocks=6), disturbed=frozenset({2}))
    assert found.verdict is Verdict.SUPPORTED
    assert [it.block for it in found.blocks if it.disturbed] == [2]
    assert len(found.blocks) == 6


def test_where_disturbed_blocks_change_the_verdict_it_is_inconclusive() -> None:
    measured = pairs(112.0, 100.0, blocks=6)
    assert judged(measured).verdict is Verdict.SUPPORTED
    found = judged(measured, disturbed=frozenset({1, 2}))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == (
        "Other work disturbed 2 blocks: with them the verdict would be “supported”, without them "
        "“inconclusive”."
    )


def test_an_alternative_with_the_reverse_verdict_makes_it_inconclusive() -> None:
    found = judged(pairs(112.0, 100.0), otherwise=pairs(88.0, 100.0))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == (
        "Measured otherwise, it would be “not supported”: measured in another way."
    )
    (alternative,) = found.alternatives
    assert (alternative.verdict, alternative.blocks) == (Verdict.NOT_SUPPORTED, 5)
    assert alternative.value == pytest.approx(0.88, rel=0.01)


@pytest.mark.parametrize("other", [101.0, 105.2])
def test_an_alternative_that_decides_nothing_leaves_the_verdict(other: float) -> None:
    found = judged(pairs(112.0, 100.0), otherwise=pairs(other, 100.0))
    assert found.verdict is Verdict.SUPPORTED


def test_an_alternative_of_four_blocks_decides_nothing() -> None:
    found = judged(pairs(112.0, 100.0), otherwise=pairs(88.0, 100.0, blocks=4))
    assert found.verdict is Verdict.SUPPORTED
    assert found.alternatives[0].verdict is Verdict.INCONCLUSIVE


CAUGHT = replace(AVAILABLE, name="caught", smallest=0.05, is_binary=True)


def cases(more: int, fewer: int, alike: int) -> dict[int, Pair]:
    """Cases that are so on the first side alone, on the second alone, and on both."""
    first_alone: Pair = (1.0, 0.0)
    second_alone: Pair = (0.0, 1.0)
    both: Pair = (1.0, 1.0)
    found = [first_alone] * more + [second_alone] * fewer + [both] * alike
    return dict(enumerate(found, 1))


@pytest.mark.parametrize("alike", [5, 12, 50])
def test_cases_that_happen_to_be_alike_decide_nothing(alike: int) -> None:
    """As in a quick run of twelve faults: where none differs, up to a fifth of all could."""
    found = judged(cases(0, 0, alike), CAUGHT, per="fault")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.value == 0.0
    assert found.low is not None
    assert found.high is not None
    assert found.low < -CAUGHT.smallest < CAUGHT.smallest < found.high
    assert judged(cases(0, 0, alike), AVAILABLE).verdict is Verdict.NO_DIFFERENCE, "of measurements"


def test_the_interval_of_paired_shares_is_bonett_and_price_s() -> None:
    """With Student's quantile for few cases; worked out by hand from their formula."""
    more, fewer, alike = 6, 1, 9
    found = judged(cases(more, fewer, alike), CAUGHT, per="fault")
    size = more + fewer + alike + 2
    first, second = (more + 1) / size, (fewer + 1) / size
    scatter = math.sqrt((first + second - (first - second) ** 2) / (size - 1))
    quantile = 2.109816  # of Student's t with 17 degrees of freedom
    assert found.value == pytest.approx((more - fewer) / 16)
    assert found.low == pytest.approx(first - second - quantile * scatter, abs=1e-6)
    assert found.high == pytest.approx(first - second + quantile * scatter, abs=1e-6)
    added = "with one more in favour of either side (Bonett and Price)"
    assert found.method == f"Student's t over 16 faults, {added}"
    assert len(found.blocks) == 16


def test_many_cases_decide_and_four_never_do() -> None:
    assert judged(cases(30, 1, 40), CAUGHT).verdict is Verdict.SUPPORTED
    assert judged(cases(2, 2, 400), CAUGHT).verdict is Verdict.NO_DIFFERENCE
    few = judged(cases(4, 0, 0), CAUGHT, per="fault")
    assert few.reason == "Only 4 faults of the 5 that a verdict needs."


def test_cases_of_groups_are_judged_by_the_scatter_within_them() -> None:
    """Two of each of three components: 3, 1.2 and 1.1 times, and nothing but noise within each."""
    found: dict[int, Pair] = {
        number: (ratio * 100 * NOISE[number], 100.0)
        for number, ratio in enumerate([3.0, 3.0, 1.2, 1.2, 1.1, 1.1])
    }
    groups = dict(enumerate("aabbcc"))
    (plain,) = judge_claims([Measured(CPU, found, per="fault")])
    (grouped,) = judge_claims([Measured(CPU, found, per="fault", groups=groups)])
    assert (plain.verdict, grouped.verdict) == (Verdict.INCONCLUSIVE, Verdict.SUPPORTED)
    assert grouped.value == plain.value
    assert grouped.method == "Student's t over 6 faults of 3 groups"
    assert None not in (plain.scatter, grouped.scatter)
    assert grouped.scatter < plain.scatter / 10  # type: ignore[operator]


def test_cases_that_are_so_or_not_are_judged_without_groups() -> None:
    binary = replace(AVAILABLE, is_binary=True)
    found: dict[int, Pair] = dict.fromkeys(range(6), (1.0, 0.0))
    groups = dict(enumerate("aabbcc"))
    (plain,) = judge_claims([Measured(binary, found)])
    (grouped,) = judge_claims([Measured(binary, found, groups=groups)])
    assert grouped == plain
