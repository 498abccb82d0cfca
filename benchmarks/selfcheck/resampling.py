"""Draw comparisons of a profile's size from one long series of blocks, and judge each."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.analysis.intervals import Interval, mean_interval
from benchmarks.analysis.power import detectable, log_sd
from benchmarks.analysis.ratios import RatioInterval, log_ratios, ratio_interval
from benchmarks.analysis.verdicts import Sample, Verdict, judge
from benchmarks.experiments.deploy.summary.measures import lead_seconds
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.scaling.claims import CPU
from benchmarks.selfcheck.series import AGAIN, PLAIN, SLOWER

COMPARISONS = 20
SEED = 20_261_124  # fixed before the series was run
MOST_FALSE_ALARMS = 1
FEWEST_FOUND = 18
SIZE_MISS = 0.03  # of the ratio over all blocks from the planted one

Costs = Mapping[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: the drawn blocks, the ratio with its interval, and the verdict."""

    blocks: tuple[int, ...]
    interval: RatioInterval
    verdict: Verdict


def alike(costs: Costs, size: int) -> list[Comparison]:
    """Compare the same with the same, in blocks and an order that are drawn at random.

    So the false alarms measure the interval, not the chance of this one series. `bias` shows a
    harness that favours one of the two.
    """
    order = random.Random(SEED)
    found = []
    for _ in range(COMPARISONS):
        blocks = order.sample(sorted(costs), k=size)
        pairs = []
        for block in blocks:
            one, other = order.sample((PLAIN, AGAIN), k=2)
            pairs.append((costs[block][one], costs[block][other]))
        found.append(_judge(blocks, pairs))
    return found


def slowed(costs: Costs, size: int) -> list[Comparison]:
    """Compare the slowed down trial with one of its block's two plain ones."""
    order = random.Random(SEED + 1)
    found = []
    for _ in range(COMPARISONS):
        blocks = order.sample(sorted(costs), k=size)
        pairs = [
            (costs[block][SLOWER], costs[block][order.choice((PLAIN, AGAIN))]) for block in blocks
        ]
        found.append(_judge(blocks, pairs))
    return found


def bias(costs: Costs) -> RatioInterval:
    """Return the ratio of the two equal arms over all blocks; without a bias it is 1."""
    return ratio_interval([(block[PLAIN], block[AGAIN]) for block in costs.values()])


def scatter(costs: Costs) -> float | None:
    """Return the standard deviation of the log ratio of two plain trials of a block."""
    return log_sd([block[PLAIN] / block[AGAIN] for block in costs.values()])


def smallest_effects(costs: Costs, sizes: Mapping[str, int]) -> dict[str, float | None]:
    """Return, by profile, the smallest effect that its blocks find 9 times in 10."""
    sd = scatter(costs)
    return {name: None if sd is None else detectable(sd, size) for name, size in sizes.items()}


def false_alarms(found: Sequence[Comparison]) -> int:
    """Return how many comparisons of the same with the same decided for one of the two."""
    decided = {Verdict.SUPPORTED, Verdict.NOT_SUPPORTED}
    return sum(comparison.verdict in decided for comparison in found)


def hits(found: Sequence[Comparison]) -> int:
    """Return how many comparisons found that the slowed down arm needs more."""
    return sum(comparison.verdict is Verdict.SUPPORTED for comparison in found)


def longer_release(trials: Sequence[Trial]) -> Interval:
    """Return how many seconds longer the slower arm's releases took, over the blocks."""
    seconds: dict[int, dict[str, float]] = {}
    for trial in trials:
        lead = lead_seconds(trial) if trial.counted else None
        if lead is not None:
            seconds.setdefault(trial.block, {})[trial.arm] = lead
    return mean_interval(
        [
            block[SLOWER] - (block[PLAIN] + block[AGAIN]) / 2
            for block in seconds.values()
            if block.keys() >= {PLAIN, AGAIN, SLOWER}
        ]
    )


def _judge(blocks: Sequence[int], pairs: Sequence[tuple[float, float]]) -> Comparison:
    """Judge the pairs as the claim about CPU is judged: more of it on the first side."""
    values = log_ratios(pairs)
    sample = Sample(values, smallest=math.log1p(CPU.smallest), quiet=values)
    verdict = judge({CPU.name: sample})[CPU.name].verdict
    return Comparison(tuple(blocks), ratio_interval(pairs), verdict)
