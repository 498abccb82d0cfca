"""The mean of paired differences, for what has no ratio because it may be 0, with an interval.

The sample is the pair: one value of either side. The interval is the bias-corrected and accelerated
bootstrap over pairs (Efron 1987), and a difference counts only if it leaves 0 out. Of blocks there
are few, and the bootstrap is too narrow for few (`ratios` has figures): there it is Student's.
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
    """The mean of the first minus the second; no interval from fewer than two pairs."""

    difference: float | None
    low: float | None
    high: float | None
    method: str


def difference_interval(
    pairs: Sequence[tuple[float, float]], *, confidence: float = CONFIDENCE
) -> DifferenceInterval:
    """Compare two sides over pairs."""
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
    """Compare two sides over blocks, with Student's t interval under `BCA_FROM_BLOCKS` of them."""
    values = np.asarray([first - second for first, second in pairs], dtype=float)
    few = FEWEST_PAIRS <= len(values) < BCA_FROM_BLOCKS
    if not few or np.ptp(values) == 0:
        return difference_interval(pairs, confidence=confidence)
    low, high = student_of_mean(values, confidence)
    method = f"Student's t over {len(values)} blocks"
    return DifferenceInterval(float(values.mean()), low, high, method)


def verdict_above(interval: DifferenceInterval) -> Verdict:
    """Judge a claim that the difference lies above 0."""
    if interval.difference is None:
        return Verdict.NOT_MEASURED
    if interval.low is None or interval.high is None:
        return Verdict.TOO_CLOSE
    if interval.low > 0:
        return Verdict.HOLDS
    return Verdict.DOES_NOT_HOLD if interval.high < 0 else Verdict.TOO_CLOSE
