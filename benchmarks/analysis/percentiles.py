"""Percentiles from raw values, given only where there are enough of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

REPORTED = (50, 95, 99)


def values_needed(percentile: float) -> int:
    """How many values a percentile needs, so that one at least lies beyond it: 20 for p95."""
    return max(1, round(100 / (100 - percentile)))


def percentile(values: Sequence[float], q: float) -> float | None:
    """The q-th percentile (0-100, linear between neighbours), or None with too few values."""
    if len(values) < values_needed(q):
        return None
    return float(np.percentile(np.asarray(values, dtype=float), q))


@dataclass(frozen=True, slots=True)
class Latency:
    """A set of latencies in ms. A percentile is None where the set is too small for it."""

    count: int
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None


def latency(values_ms: Sequence[float]) -> Latency:
    """Sum up latencies."""
    return Latency(
        len(values_ms),
        float(np.mean(values_ms)) if values_ms else None,
        *(percentile(values_ms, q) for q in REPORTED),
    )
