"""Percentiles from raw values, given only where there are enough of them, and their intervals.

The rows of one trial are not independent, as a queue makes its neighbours slow together, and the
sample is the trial. So an interval that is to hold for the next trial is `over_trials`; `interval`
says how well the rows of one set pin down that set's percentile.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.analysis.ratios import CONFIDENCE

REPORTED = (50, 95, 99)


def values_needed(percentile: float) -> int:
    """How many values a percentile needs, so that one at least lies beyond it: 20 for p95."""
    return max(1, round(100 / (100 - percentile)))


def percentile(values: Sequence[float], q: float) -> float | None:
    """The q-th percentile (0-100, linear between neighbours), or None with too few values.

    Infinite values are allowed, and stand for what never ended; a percentile among them is None.
    """
    if len(values) < values_needed(q):
        return None
    ordered = np.sort(np.asarray(values, dtype=float))
    place = (len(ordered) - 1) * q / 100
    if math.isinf(ordered[math.ceil(place)]):
        return None
    return float(np.percentile(ordered, q))


def interval(
    values: Sequence[float], q: float, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Two of the values, between which the q-th percentile (0-100) of their source lies.

    It supposes independent values and no shape. How many of n values lie below the percentile is
    then binomial, which says which ranks to take, each side missing in at most half of
    1 - `confidence` (David and Nagaraja 2003, Order Statistics, 7.1). As ranks are whole numbers it
    holds the percentile a little oftener than `confidence`.

    None with too few values to have such ranks: for 95 %, a p50 needs 6, a p95 72, a p99 368.
    Raises ValueError for a q that isn't between 0 and 100, or a confidence not between 0 and 1.
    """
    if not (0 < q < 100 and 0 < confidence < 1):  # noqa: PLR2004 - percent
        raise ValueError(f"there is no {confidence:g} interval of a p{q:g}")
    below = stats.binom(len(values), q / 100)
    tail = (1 - confidence) / 2
    low_rank, high_rank = int(below.ppf(tail)), int(below.isf(tail)) + 1  # counted from 1
    if low_rank < 1 or high_rank > len(values):
        return None
    ordered = sorted(values)
    return ordered[low_rank - 1], ordered[high_rank - 1]


@dataclass(frozen=True, slots=True)
class OverTrials:
    """The typical value over trials (geometric mean); no interval from fewer than two."""

    mean: float | None
    low: float | None
    high: float | None
    trials: int


def over_trials(values: Sequence[float], confidence: float = CONFIDENCE) -> OverTrials:
    """Sum up one value of each trial, such as its p95: Student's t interval on the logarithms.

    On logarithms, since a value that can't fall below 0 scatters by a share of itself. Raises
    ValueError for a value that isn't above 0 and finite.
    """
    if any(not 0 < value < math.inf for value in values):
        raise ValueError(f"values of trials must be above 0 and finite, not {list(values)}")
    if not values:
        return OverTrials(None, None, None, 0)
    logs = np.log(np.asarray(values, dtype=float))
    center, trials = float(logs.mean()), len(values)
    if trials == 1:
        return OverTrials(math.exp(center), None, None, trials)
    reach = float(stats.t.ppf(0.5 + confidence / 2, trials - 1) * stats.sem(logs))
    return OverTrials(math.exp(center), math.exp(center - reach), math.exp(center + reach), trials)


@dataclass(frozen=True, slots=True)
class Latency:
    """A set of latencies in ms. A percentile is None where the set is too small for it.

    What never ended is infinite: it is in the count and in the percentiles, and not in the mean.
    """

    count: int
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None


def latency(values_ms: Sequence[float]) -> Latency:
    """Sum up latencies."""
    return Latency(
        len(values_ms),
        float(np.mean(ended)) if (ended := [it for it in values_ms if it < math.inf]) else None,
        *(percentile(values_ms, q) for q in REPORTED),
    )
