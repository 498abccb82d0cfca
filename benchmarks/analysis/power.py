"""The number of blocks that a run needs, and the smallest difference that it can find.

All formulas use the logarithms of the blocks' ratios, as in `ratios`, and assume that they are
normally distributed. They are exact for Student's interval, which `ratios` uses for few blocks; its
bootstrap for many is as wide, to within a few percent.

The standard deviation is itself an estimate: from 3 blocks the true one lies, with 95 %
confidence, anywhere from half of it to six times it. Estimate it from all blocks that there are.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy import optimize, stats

from benchmarks.analysis.intervals import CONFIDENCE

HALF_WIDTH = 0.05  # ± 5 %
POWER = 0.9
FEWEST_BLOCKS = 2  # one has no standard deviation, and so no interval


def log_sd(ratios: Sequence[float]) -> float | None:
    """Return the standard deviation of the ratios' logarithms; None from fewer than two.

    It is about the relative deviation: 0.03 is 3 %. Raises ValueError for a ratio that isn't above
    0.
    """
    if any(not ratio > 0 for ratio in ratios):
        raise ValueError(f"ratios must be above 0, not {list(ratios)}")
    if len(ratios) < FEWEST_BLOCKS:
        return None
    return float(np.std(np.log(np.asarray(ratios)), ddof=1))


def blocks_needed(
    sd: float, *, half_width: float = HALF_WIDTH, confidence: float = CONFIDENCE
) -> int:
    """Return how many blocks give a ratio an interval of ± `half_width`; `sd` is of its logs.

    The smallest n, 2 at least, with t(n-1) · sd / √n ≤ log(1 + half_width), where t is the quantile
    of Student's distribution that leaves (1 - confidence) / 2 above it. `half_width` is a share: at
    0.05 the interval reaches from 1/1.05 to 1.05 times the ratio.

    Raises ValueError for a deviation below 0, or a half width or confidence that none can meet.
    """
    _check(sd, confidence)
    if not half_width > 0:
        raise ValueError(f"a half width must be above 0, not {half_width}")
    reach = math.log1p(half_width)
    # The normal quantile, which Student's exceeds, gives a first count that is never too high
    blocks = max(FEWEST_BLOCKS, math.ceil((stats.norm.ppf(0.5 + confidence / 2) * sd / reach) ** 2))
    while _student(blocks, confidence) * sd / math.sqrt(blocks) > reach:
        blocks += 1
    return blocks


def detectable(
    sd: float, blocks: int, *, power: float = POWER, confidence: float = CONFIDENCE
) -> float | None:
    """Return the smallest effect that `blocks` find with that power; None from fewer than two.

    An effect is found if the ratio's interval excludes 1 on the right side. The effect is the ratio
    minus 1: 0.04 means that 1.04 is found, and so is its inverse, 1/1.04. The test's statistic has
    Student's noncentral distribution, with a noncentrality of √n · log(ratio) / sd (Johnson, Kotz
    and Balakrishnan 1995, Continuous Univariate Distributions 2, ch. 31), without a normal
    approximation.

    Raises ValueError for a deviation below 0, or a power or confidence outside 0 to 1. The power
    must exceed the (1 - confidence) / 2 that chance alone finds.
    """
    _check(sd, confidence)
    if not (1 - confidence) / 2 < power < 1:
        raise ValueError(f"a power must be above {(1 - confidence) / 2:g} and below 1, not {power}")
    if blocks < FEWEST_BLOCKS:
        return None
    bound = _student(blocks, confidence)

    def excess(noncentrality: float) -> float:
        return float(stats.nct.sf(bound, blocks - 1, noncentrality)) - power

    most = bound
    while excess(most) < 0:
        most *= 2
    noncentrality = float(optimize.brentq(excess, 0, most))
    return math.expm1(noncentrality * sd / math.sqrt(blocks))


def _student(blocks: int, confidence: float) -> float:
    return float(stats.t.ppf(0.5 + confidence / 2, blocks - 1))


def _check(sd: float, confidence: float) -> None:
    if not 0 <= sd < math.inf:
        raise ValueError(f"a scatter must be 0 or more, not {sd}")
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence must be between 0 and 1, not {confidence}")
