"""Shares of a count, with Wilson's score interval (Wilson 1927): it holds for 0 of few, too."""

from dataclasses import dataclass

from scipy import stats

from benchmarks.analysis.ratios import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`, and the interval of the share; None of nothing."""

    count: int
    total: int
    share: float | None
    low: float | None
    high: float | None


def share_of(count: int, total: int, *, confidence: float = CONFIDENCE) -> Share:
    """The share of a count. It supposes that the cases don't hang together.

    Raises ValueError for a count that isn't within 0 and the total.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} can't be a count of {total}")
    if total == 0:
        return Share(0, 0, None, None, None)
    found = stats.binomtest(count, total).proportion_ci(confidence, method="wilson")
    return Share(count, total, count / total, float(found.low), float(found.high))
