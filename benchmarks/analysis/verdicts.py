"""The verdicts on the claims of one experiment, which are judged together.

A claim states that a quantity lies above 0: the logarithm of a ratio, or a difference. The rules,
fixed before anything is measured:

1. At least `FEWEST_BLOCKS` blocks have to count.
2. Each claim names the smallest effect that matters. It is **supported** where the whole interval
   lies beyond that effect, **not supported** where the whole interval lies beyond it on the other
   side, and there is **no difference that matters** where the whole interval lies within it.
   Anything else is **inconclusive**.
3. The more claims are judged, the more would be decided by chance. So the intervals that decide are
   wider than 95 % (Holm 1979): the clearest of m claims is judged at 1 - 0.05/m, the next one at
   1 - 0.05/m, the next one at 1 - 0.05/(m - 1), and so on; after the first inconclusive one all
   others are inconclusive too. Claims with too few blocks aren't among the m, since how many count
   doesn't depend on the values.
4. Blocks in which other work used the target's cores are counted, and left out for a second
   verdict. Where the two differ, the claim is inconclusive.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.analysis.intervals import CONFIDENCE, FEWEST, Interval, mean_interval
from benchmarks.analysis.strata import estimate

FEWEST_BLOCKS = 5


class Verdict(StrEnum):
    """The verdict of a run on a claim."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    NO_DIFFERENCE = "no difference that matters"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Sample:
    """What a claim is judged by.

    `values` are one of each block, above 0 in favour of the claim. `smallest` is the smallest
    effect that matters, in the same unit and above 0; `least` is that in words. `quiet` are the
    values of the blocks that no other work disturbed. `groups` and `quiet_groups` name the group
    that each was drawn from, if so many were drawn from each (`strata`). `per` is what a block is
    called.
    """

    values: Sequence[float]
    smallest: float
    quiet: Sequence[float]
    per: str = "block"
    groups: Sequence[str] = ()
    quiet_groups: Sequence[str] = ()
    least: str = "the smallest effect that matters"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, with its reason as a sentence, and the interval that decided.

    `low` and `high` are its ends, None under two blocks; `confidence` is its level.
    """

    verdict: Verdict
    reason: str
    confidence: float
    low: float | None = None
    high: float | None = None


def judge(samples: Mapping[str, Sample]) -> dict[str, Judgement]:
    """Return the verdict on each claim of an experiment, by the claim's name."""
    every = _judge_all(samples)
    undisturbed = {
        name: replace(it, values=it.quiet, groups=it.quiet_groups) for name, it in samples.items()
    }
    # Where no block is left out, the second verdicts are the first ones.
    quiet = every if undisturbed == samples else _judge_all(undisturbed)
    return {
        name: _agreed(
            every[name], quiet[name], disturbed=len(it.values) - len(it.quiet), per=it.per
        )
        for name, it in samples.items()
    }


def _agreed(every: Judgement, quiet: Judgement, *, disturbed: int, per: str) -> Judgement:
    if every.verdict is quiet.verdict:
        return every
    reason = (
        f"Other work disturbed {disturbed} {per}{'' if disturbed == 1 else 's'}: with them the "
        f"verdict would be “{every.verdict}”, without them “{quiet.verdict}”."
    )
    return replace(every, verdict=Verdict.INCONCLUSIVE, reason=reason)


def _judge_all(samples: Mapping[str, Sample]) -> dict[str, Judgement]:
    """Apply Holm's procedure: the smallest p first, until one is inconclusive."""
    enough = [name for name, it in samples.items() if len(it.values) >= FEWEST_BLOCKS]
    order = sorted(enough, key=lambda name: _p_value(samples[name]))
    found = {
        name: _judge_one(sample, CONFIDENCE)
        for name, sample in samples.items()
        if name not in enough
    }
    is_open = False
    for rank, name in enumerate(order):
        confidence = 1 - (1 - CONFIDENCE) / (len(order) - rank)
        judged = _judge_one(samples[name], confidence)
        if is_open and judged.verdict is not Verdict.INCONCLUSIVE:
            reason = (
                f"It would be “{judged.verdict}” if it were judged by itself; among "
                f"{len(order)} claims that are judged together, a clearer one is inconclusive."
            )
            judged = replace(judged, verdict=Verdict.INCONCLUSIVE, reason=reason)
        is_open |= judged.verdict is Verdict.INCONCLUSIVE
        found[name] = judged
    return found


def _p_value(sample: Sample) -> float:
    return p_value(sample.values, sample.smallest, sample.groups)


def p_value(values: Sequence[float], smallest: float, groups: Sequence[str] = ()) -> float:
    """Return the smallest share of error at which the values decide a claim, by Student's t.

    The interval of the mean m lies wholly beyond ± `smallest`, or wholly within it, as long as its
    half width is below ||m| - `smallest||`: p is two-sided for that distance. 1 from too few
    values.
    """
    if len(values) < FEWEST_BLOCKS:
        return 1.0
    about = estimate(values, groups)
    return about.p_value(abs(abs(about.mean) - smallest))


def _judge_one(sample: Sample, confidence: float) -> Judgement:
    count, per = len(sample.values), sample.per
    if count < FEWEST_BLOCKS:
        counted = f"{count} {per}{'' if count == 1 else 's'}"
        reason = f"Only {counted} of the {FEWEST_BLOCKS} that a verdict needs."
        return Judgement(Verdict.INCONCLUSIVE, reason, confidence)
    interval = mean_interval(sample.values, confidence=confidence, groups=sample.groups)
    verdict = _verdict(interval, count, sample.smallest)
    reason = _reason(verdict, interval, f"{100 * confidence:.3g} %", sample.least)
    return Judgement(verdict, reason, confidence, interval.low, interval.high)


def _reason(verdict: Verdict, interval: Interval, level: str, least: str) -> str:
    """Return why an interval gives a verdict, with the smallest effect that matters in words."""
    match verdict:
        case Verdict.SUPPORTED:
            return f"The whole {level} interval lies beyond {least}, the least that matters."
        case Verdict.NOT_SUPPORTED:
            return (
                f"The whole {level} interval lies beyond {least}, the least that matters, on the "
                "other side."
            )
        case Verdict.NO_DIFFERENCE:
            return f"The whole {level} interval lies within {least}, the least that matters."
    low, high = interval.low or 0.0, interval.high or 0.0
    if low > 0 or high < 0:
        likely = "true" if low > 0 else "the reverse"
        return (
            f"Probably {likely}, since the {level} interval excludes equality; whether by over "
            f"{least}, the least that matters, stays open."
        )
    return (
        f"The {level} interval includes equality and effects over {least}, the least that matters."
    )


def verdict_of(
    values: Sequence[float], smallest: float, confidence: float, groups: Sequence[str] = ()
) -> Verdict:
    """Return the verdict on one claim by itself, at a confidence. Raises ValueError as `judge`."""
    interval = mean_interval(values, confidence=confidence, groups=groups)
    return _verdict(interval, len(values), smallest)


def _verdict(interval: Interval, count: int, smallest: float) -> Verdict:
    """Return the verdict that an interval over so many blocks gives."""
    if not 0 < smallest < math.inf:
        raise ValueError(f"the smallest effect that matters must be above 0, not {smallest}")
    if count < max(FEWEST_BLOCKS, FEWEST) or interval.low is None or interval.high is None:
        return Verdict.INCONCLUSIVE
    if interval.low > smallest:
        return Verdict.SUPPORTED
    if interval.high < -smallest:
        return Verdict.NOT_SUPPORTED
    if -smallest <= interval.low and interval.high <= smallest:
        return Verdict.NO_DIFFERENCE
    return Verdict.INCONCLUSIVE
