"""A block's two measurements, one of each side of a claim, and those that are infinite.

A side is infinite where too many of its flows never ended. Such a block has no value that could be
averaged. Leaving it out alone would be wrong: a side would look better by failing. So a verdict on
the other blocks stands only where the infinite sides speak for it.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

from benchmarks.analysis.verdicts import Judgement, Verdict

Pair = tuple[float | None, float | None]  # in the order in which the claim names its sides
Pairs = Mapping[int, Pair]  # by block


def endless(pairs: Pairs) -> tuple[int, int]:
    """Return in how many blocks the first side is infinite, and in how many the second."""
    first = sum(one == math.inf for one, _other in pairs.values())
    return first, sum(other == math.inf for _one, other in pairs.values())


def unless_endless(verdict: Verdict, pairs: Pairs) -> Verdict:
    """Return the verdict on the finite blocks, or inconclusive if infinite sides are against it.

    More of the quantity on the first side is what a claim states.
    """
    first, second = endless(pairs)
    against = {
        Verdict.SUPPORTED: second,
        Verdict.NOT_SUPPORTED: first,
        Verdict.NO_DIFFERENCE: first + second,
        Verdict.INCONCLUSIVE: 0,
    }
    return Verdict.INCONCLUSIVE if against[verdict] else verdict


def judged_with_endless(
    judgement: Judgement, pairs: Pairs, sides: tuple[str, str], per: str
) -> Judgement:
    """Return a judgement on the finite blocks, made inconclusive as `unless_endless` does.

    The reason names the blocks that have no value.
    """
    blocks = [
        f"{count} {per}{'' if count == 1 else 's'} of “{side}”"
        for count, side in zip(endless(pairs), sides, strict=True)
        if count
    ]
    if not blocks:
        return judgement
    named = f"In {' and '.join(blocks)} so many flows never ended that there is no value"
    verdict = unless_endless(judgement.verdict, pairs)
    if verdict is judgement.verdict:
        return replace(judgement, reason=f"{judgement.reason} {named}.")
    reason = f"{named}; without those the verdict would be “{judgement.verdict}”."
    return replace(judgement, verdict=verdict, reason=reason)
