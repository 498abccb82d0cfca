"""Draws comparisons of a profile's size out of one long series of blocks, and judges each."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.analysis.power import detectable, log_sd
from benchmarks.analysis.ratios import RatioInterval, Side, Verdict, ratio_interval, verdict
from benchmarks.selfcheck.series import AGAIN, PLAIN, SLOWER

COMPARISONS = 20
SEED = 20_261_124  # fixed before the series was run
MOST_FALSE_ALARMS = 1
FEWEST_FOUND = 18
SIZE_MISS = 0.03  # of the ratio over all blocks: the plant is found with about its size

Costs = Mapping[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: the blocks that it drew, its ratio, and what was said of it."""

    blocks: tuple[int, ...]
    interval: RatioInterval
    verdict: Verdict


def alike(costs: Costs, size: int) -> list[Comparison]:
    """The same against the same. Which of a block's two comes first is drawn too.

    So the alarms tell of the interval, not of how the blocks of this one series happen to lie. A
    harness that favours one of the two would be seen by `bias`.
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
    """The slowed down one against one of its block's two plain ones."""
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
    """The first of the two that are the same over the second, over all blocks; 1 if all is well."""
    return ratio_interval([(it[PLAIN], it[AGAIN]) for it in costs.values()])


def scatter(costs: Costs) -> float | None:
    """Standard deviation of the log ratio of two plain trials of a block, over all blocks."""
    return log_sd([it[PLAIN] / it[AGAIN] for it in costs.values()])


def smallest_effects(costs: Costs, sizes: Mapping[str, int]) -> dict[str, float | None]:
    """For each profile's number of blocks: the smallest effect that it finds 9 times in 10."""
    sd = scatter(costs)
    return {name: None if sd is None else detectable(sd, size) for name, size in sizes.items()}


def false_alarms(found: Sequence[Comparison]) -> int:
    """How many comparisons of the same with the same saw a difference."""
    return sum(it.verdict is not Verdict.TOO_CLOSE for it in found)


def hits(found: Sequence[Comparison]) -> int:
    """How many saw the slowed down one need more."""
    return sum(it.verdict is Verdict.HOLDS for it in found)


def _judge(blocks: Sequence[int], pairs: Sequence[tuple[float, float]]) -> Comparison:
    interval = ratio_interval(pairs)
    return Comparison(tuple(blocks), interval, verdict(interval, Side.ABOVE))
