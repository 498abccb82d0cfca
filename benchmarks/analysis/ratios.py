"""Ratios of two arms within blocks, with an interval over the blocks.

The sample is the block. Its value is the logarithm of arm A over arm B, so that a ratio and its
inverse are treated alike. `intervals` has the two methods; the report names the one used.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.analysis.intervals import CONFIDENCE, mean_interval


@dataclass(frozen=True, slots=True)
class RatioInterval:
    """The geometric mean of the blocks' ratios; no interval from fewer than two."""

    ratio: float | None
    low: float | None
    high: float | None
    method: str
    blocks: tuple[float, ...]


def ratio_interval(
    pairs: Sequence[tuple[float, float]], *, confidence: float = CONFIDENCE, per: str = "block"
) -> RatioInterval:
    """Return the ratio of arm A to arm B over blocks; `pairs` has one (A, B) per block.

    Raises ValueError for a value that is not above 0: a trial that measured nothing has no ratio.
    """
    found = mean_interval(log_ratios(pairs), confidence=confidence, per=per)
    mean, low, high = (
        None if value is None else math.exp(value) for value in (found.mean, found.low, found.high)
    )
    return RatioInterval(mean, low, high, found.method, tuple(a / b for a, b in pairs))


def log_ratios(pairs: Sequence[tuple[float, float]]) -> list[float]:
    """Return the logarithm of each pair's ratio. Raises ValueError for a value not above 0."""
    if any(not (a > 0 and b > 0) for a, b in pairs):
        raise ValueError(f"ratios need values above 0, not {list(pairs)}")
    return [math.log(a / b) for a, b in pairs]
