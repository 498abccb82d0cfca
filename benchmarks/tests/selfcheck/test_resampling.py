"""Comparisons drawn from a series: false alarms as rare as claimed, a planted tenth found."""

import random
from collections.abc import Mapping
from dataclasses import replace

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.scaling.claims import CPU
from benchmarks.selfcheck import resampling

SIZES = {"quick": 5, "standard": 6}


def series(
    *,
    blocks: int = 24,
    scatter: float = 0.02,
    slower: float = 1.10,
    bias: float = 1.0,
    seed: int = 3,
) -> dict[int, Mapping[str, float]]:
    """Costs as a run would give them: a machine that drifts, and noise in every trial."""
    noise = random.Random(seed)
    return {
        block: {
            "plain": 80 * (1 + block / 100) * noise.lognormvariate(0, scatter),
            "again": 80 * (1 + block / 100) * noise.lognormvariate(0, scatter) * bias,
            "slower": 80 * (1 + block / 100) * noise.lognormvariate(0, scatter) * slower,
        }
        for block in range(1, blocks + 1)
    }


def test_the_same_is_seldom_called_different_and_a_tenth_is_found() -> None:
    alarms, found = [], []
    for seed in range(12):
        costs = series(seed=seed)
        alarms.append(resampling.false_alarms(resampling.alike(costs, 5)))
        found.append(resampling.hits(resampling.slowed(costs, 5)))
    # Less often than a 95 % interval misses: an effect has to exceed the smallest that matters
    assert sum(alarms) / (12 * resampling.COMPARISONS) <= 0.05
    assert min(found) >= resampling.FEWEST_FOUND


def test_what_decides_are_the_rules_of_all_claims() -> None:
    costs = series(scatter=0.002)
    assert {it.verdict for it in resampling.alike(costs, 5)} == {Verdict.NO_DIFFERENCE}
    assert {it.verdict for it in resampling.slowed(costs, 5)} == {Verdict.SUPPORTED}
    little = series(scatter=0.002, slower=1.01)
    assert {it.verdict for it in resampling.slowed(little, 5)} == {Verdict.NO_DIFFERENCE}
    assert {it.verdict for it in resampling.slowed(costs, 4)} == {Verdict.INCONCLUSIVE}
    assert CPU.smallest == 0.02


def test_a_verdict_for_either_of_two_equal_arms_is_a_false_alarm() -> None:
    drawn = resampling.alike(series(), 5)
    verdicts = [Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Verdict.NO_DIFFERENCE]
    found = [replace(drawn[0], verdict=it) for it in (*verdicts, Verdict.INCONCLUSIVE)]
    assert resampling.false_alarms(found) == 2
    assert resampling.hits(found) == 1


def test_a_comparison_draws_different_blocks_and_can_be_repeated() -> None:
    costs = series()
    drawn = resampling.alike(costs, 5)
    assert drawn == resampling.alike(costs, 5)
    assert all(len(set(it.blocks)) == 5 for it in drawn)
    assert len({it.blocks for it in drawn}) > 15


def test_a_harness_that_favours_an_arm_is_found_out() -> None:
    """Were `again` always measured 3 % too high, the series as a whole would show it."""
    fair, unfair = resampling.bias(series()), resampling.bias(series(bias=1.03))
    assert fair.low is not None
    assert fair.high is not None
    assert fair.low <= 1 <= fair.high
    assert unfair.high is not None
    assert unfair.high < 1


def test_a_slow_down_that_goes_the_other_way_is_no_hit() -> None:
    assert resampling.hits(resampling.slowed(series(slower=0.9), 5)) == 0


def test_more_blocks_find_smaller_effects() -> None:
    effects = resampling.smallest_effects(series(), SIZES)
    assert effects["quick"] is not None
    assert effects["standard"] is not None
    assert effects["quick"] > effects["standard"] > 0
