"""Where the order of two costs changes, with an interval from the spread over blocks.

Costs within `SMALLEST` of each other count as equal, as in the claims of every experiment: two
similar costs would otherwise change places again and again by amounts that don't matter.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.analysis.intervals import BOOTSTRAP_SEED, CONFIDENCE
from benchmarks.cost.sizing import Values

SMALLEST = 0.02  # the smallest difference that matters: a ratio minus 1
RESAMPLES = 999
FEWEST_BLOCKS = 2

# Totals of two deployments over a grid of submissions a day, from the blocks of these positions.
Curves = Callable[[tuple[int, ...]], tuple[Values, Values]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two costs over a grid of loads; `at` is None where their order never changes.

    `at` is where the order changes for the last time, `changes` how often it does. `equal_from` is
    the load from which on the costs are equal to the end of the grid. `cheaper_below` and
    `cheaper_above` are 0 or 1 for the cheaper one at either end, None where they are equal there.
    """

    at: float | None
    changes: int
    equal_from: float | None
    cheaper_below: int | None
    cheaper_above: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle 95 % of a load over resamples; None where a resample has none.

    `share` is the share of the resamples that have it; None where nothing was resampled.
    """

    low: float | None
    high: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """A comparison, and the spread of its two loads."""

    found: Comparison
    at: Spread
    equal_from: Spread


def find_crossing(per_day: Values, curves: Curves, blocks: int) -> Crossing:
    """Compare two costs; the intervals are a paired bootstrap over blocks (percentiles).

    A resample draws as many blocks as there are, with both architectures of each, and compares the
    costs that their means give. There are no intervals from fewer than two blocks, and none where
    some resamples have no such load: an interval of the others would leave these out.
    """
    known: dict[tuple[int, ...], Comparison] = {}
    drawn = []
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    for _ in range(RESAMPLES if blocks >= FEWEST_BLOCKS else 0):
        positions = tuple(sorted(int(it) for it in rng.integers(0, blocks, blocks)))
        if positions not in known:
            known[positions] = compare(per_day, *curves(positions))
        drawn.append(known[positions])
    return Crossing(
        compare(per_day, *curves(tuple(range(blocks)))),
        _spread([it.at for it in drawn]),
        _spread([it.equal_from for it in drawn]),
    )


def compare(per_day: Values, first: Values, second: Values) -> Comparison:
    """Compare two costs over a grid of loads."""
    ratio: Values = np.log(first / second)
    order: Values = np.where(np.abs(ratio) > math.log1p(SMALLEST), np.sign(ratio), 0.0)
    clear = [int(place) for place in np.flatnonzero(order)]
    changed = [
        (before, after) for before, after in pairwise(clear) if order[before] != order[after]
    ]
    return Comparison(
        at=_last_zero(per_day, ratio, *changed[-1]) if changed else None,
        changes=len(changed),
        equal_from=_equal_from(per_day, clear),
        cheaper_below=_cheaper(float(order[0])),
        cheaper_above=_cheaper(float(order[-1])),
    )


def _last_zero(per_day: Values, ratio: Values, before: int, after: int) -> float:
    """Return the last load between two of the grid at which the ratio of the costs is 1.

    Between two loads of the grid it is interpolated, on logarithmic scales.
    """
    sign = np.sign(ratio[before])
    last = max(place for place in range(before, after) if np.sign(ratio[place]) == sign)
    share = ratio[last] / (ratio[last] - ratio[last + 1])
    return float(per_day[last] * (per_day[last + 1] / per_day[last]) ** share)


def _equal_from(per_day: Values, clear: Sequence[int]) -> float | None:
    start = clear[-1] + 1 if clear else 0
    return float(per_day[start]) if start < len(per_day) else None


def _cheaper(order: float) -> int | None:
    return None if order == 0 else int(order > 0)


def _spread(loads: Sequence[float | None]) -> Spread:
    known = [math.log(load) for load in loads if load is not None]
    if not loads:
        return Spread(None, None, None)
    share = len(known) / len(loads)
    if len(known) < len(loads):
        return Spread(None, None, share)
    rest = (1 - CONFIDENCE) / 2
    low, high = np.exp(np.quantile(known, [rest, 1 - rest]))
    return Spread(float(low), float(high), share)
