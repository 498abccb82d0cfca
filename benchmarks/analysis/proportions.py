"""Proportions with Wilson's score interval (Wilson 1927), which also holds for 0 of few."""

from dataclasses import dataclass

from scipy import stats

from benchmarks.analysis.intervals import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total` with the share and its interval; None if `total` is 0."""

    count: int
    total: int
    share: float | None
    low: float | None
    high: float | None


def share_of(count: int, total: int, *, confidence: float = CONFIDENCE) -> Share:
    """Return the share of a count with its interval. It assumes independent cases.

    Raises ValueError for a count that isn't within 0 and the total.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} can't be a count of {total}")
    if total == 0:
        return Share(0, 0, None, None, None)
    found = stats.binomtest(count, total).proportion_ci(confidence, method="wilson")
    return Share(count, total, count / total, float(found.low), float(found.high))
