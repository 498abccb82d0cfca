"""The mean of paired differences, with an interval: for measures that may be 0.

The sample is the pair: one value of either side. The interval is the bias-corrected and accelerated
bootstrap over pairs (Efron 1987), and a difference counts only if its interval excludes 0. Over a
few blocks the bootstrap is too narrow (`ratios` has figures), so it is Student's interval there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.analysis.ratios import (
    BCA_FROM_BLOCKS,
    CONFIDENCE,
    Verdict,
    bca_of_mean,
    student_of_mean,
)

FEWEST_PAIRS = 2


@dataclass(frozen=True, slots=True)
class DifferenceInterval:
    """The mean of first minus second, with its interval; None from fewer than two pairs."""

    difference: float | None
    low: float | None
    high: float | None
    method: str


def difference_interval(
    pairs: Sequence[tuple[float, float]], *, confidence: float = CONFIDENCE
) -> DifferenceInterval:
    """Return the mean difference of (first, second) pairs, with its bootstrap interval."""
    values = np.asarray([first - second for first, second in pairs], dtype=float)
    if not len(values):
        return DifferenceInterval(None, None, None, "no pair was counted")
    mean = float(values.mean())
    if len(values) < FEWEST_PAIRS:
        return DifferenceInterval(mean, None, None, "one pair gives no interval")
    if np.ptp(values) == 0:
        return DifferenceInterval(mean, mean, mean, "all pairs are equal")
    low, high = bca_of_mean(values, confidence)
    return DifferenceInterval(mean, low, high, f"BCa bootstrap over {len(values)} pairs")


def difference_over_blocks(
    pairs: Sequence[tuple[float, float]], *, confidence: float = CONFIDENCE
) -> DifferenceInterval:
    """Return the mean difference over blocks; Student's interval below `BCA_FROM_BLOCKS`."""
    values = np.asarray([first - second for first, second in pairs], dtype=float)
    few = FEWEST_PAIRS <= len(values) < BCA_FROM_BLOCKS
    if not few or np.ptp(values) == 0:
        return difference_interval(pairs, confidence=confidence)
    low, high = student_of_mean(values, confidence)
    method = f"Student's t over {len(values)} blocks"
    return DifferenceInterval(float(values.mean()), low, high, method)


def verdict_above(interval: DifferenceInterval) -> Verdict:
    """Return the verdict on a claim that the difference lies above 0."""
    if interval.difference is None:
        return Verdict.NOT_MEASURED
    if interval.low is None or interval.high is None:
        return Verdict.TOO_CLOSE
    if interval.low > 0:
        return Verdict.HOLDS
    return Verdict.DOES_NOT_HOLD if interval.high < 0 else Verdict.TOO_CLOSE
