"""Percentiles of raw values, only with enough values, and their intervals.

The rows of one trial are not independent, since a queue slows neighbouring requests together, and
the sample is the trial. So `over_trials` gives the interval that covers the next trial; `interval`
gives the precision of one set's percentile.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.analysis.intervals import CONFIDENCE

REPORTED = (50, 95, 99)
JUDGED_BEYOND = 5  # values beyond a percentile that a verdict rests on: a p95 needs 100


def values_needed(percentile: float) -> int:
    """Return how many values put at least one beyond a percentile: 20 for p95."""
    return max(1, round(100 / (100 - percentile)))


def percentile(values: Sequence[float], q: float) -> float | None:
    """Return the q-th percentile (0-100, linear between neighbours); None with too few values.

    Infinite values stand for flows that never ended; a percentile among them is None.
    """
    if len(values) < values_needed(q):
        return None
    ordered = np.sort(np.asarray(values, dtype=float))
    place = (len(ordered) - 1) * q / 100
    if math.isinf(ordered[math.ceil(place)]):
        return None
    if place.is_integer():  # an infinite neighbour above would make an interpolation nan
        return float(ordered[int(place)])
    return float(np.percentile(ordered, q))


def interval(
    values: Sequence[float], q: float, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Return two of the values that enclose the q-th percentile (0-100) of their source.

    It assumes independent values and no distribution. How many of n values lie below the percentile
    is then binomial, which determines the ranks to take, each side missing in at most half of 1 -
    `confidence` (David and Nagaraja 2003, Order Statistics, 7.1). As ranks are whole numbers it
    covers the percentile a little more often than `confidence`.

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
    """The geometric mean over trials with its interval; None from fewer than two trials."""

    mean: float | None
    low: float | None
    high: float | None
    trials: int


def over_trials(values: Sequence[float], confidence: float = CONFIDENCE) -> OverTrials:
    """Summarize one value of each trial, such as its p95: Student's t interval on logarithms.

    On logarithms, since a value that can't fall below 0 varies in proportion to itself. Raises
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
    """A summary of latencies in ms. A percentile is None if there are too few values.

    A flow that never ended is infinite: it is in the count and the percentiles, not in the mean.
    """

    count: int
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None


def judged(found: Latency, q: int) -> float | None:
    """Return a reported percentile for a verdict; None with too few values behind it.

    With fewer than `JUDGED_BEYOND` beyond it, one slow flow more or less moves it as far as the
    effect that is looked for. Infinite if the flow at the percentile never ended: a slow side must
    not become a missing one. Raises KeyError for a percentile that isn't reported.
    """
    value = {50: found.p50, 95: found.p95, 99: found.p99}[q]
    if found.count < JUDGED_BEYOND * values_needed(q):
        return None
    return math.inf if value is None else value


def p95_over_trials(by_trial: Sequence[Latency]) -> OverTrials:
    """Summarize the p95 of each trial that has enough values; no mean if one of them is infinite.

    A mean of the finite ones would be lower the more flows never end.
    """
    counted = [it.p95 for it in by_trial if it.count >= values_needed(95)]
    finite = [p95 for p95 in counted if p95 is not None]
    if len(finite) < len(counted):
        return OverTrials(None, None, None, len(counted))
    return over_trials(finite)


def latency(values_ms: Sequence[float]) -> Latency:
    """Return count, mean and percentiles of latencies in ms."""
    ended = [value for value in values_ms if value < math.inf]
    return Latency(
        len(values_ms),
        float(np.mean(ended)) if ended else None,
        *(percentile(values_ms, q) for q in REPORTED),
    )
