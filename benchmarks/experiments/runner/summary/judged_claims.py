"""The verdicts on an experiment's claims: two measurements of each block, compared and judged."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, geometric_mean

from benchmarks.analysis.intervals import CONFIDENCE, FEWEST, Interval, mean_interval
from benchmarks.analysis.power import blocks_needed, detectable
from benchmarks.analysis.strata import estimate
from benchmarks.analysis.verdicts import (
    FEWEST_BLOCKS,
    Judgement,
    Sample,
    Verdict,
    judge,
    verdict_of,
)
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.summary.pairs import (
    Pairs,
    judged_with_endless,
    unless_endless,
)
from benchmarks.results_model.claims import Alternative, ClaimBlock, JudgedClaim, Scale

_RESTATES = "It restates {} in other words, so it has no verdict of its own."


@dataclass(frozen=True, slots=True)
class Measured:
    """A claim and what was measured for it, by block; one without both sides is left out.

    A side is infinite where too many of its flows never ended (`endless`).

    `disturbed` are the blocks in which other work used the target's cores. `alternatives` are the
    same measured in other ways, by what differs. `per` is what a block of this claim is called.
    `groups` are those that the blocks were drawn from, if so many were drawn from each; cases that
    are so or not are judged without them.
    """

    claim: Claim
    pairs: Pairs
    disturbed: frozenset[int] = frozenset()
    alternatives: Mapping[str, Pairs] = field(default_factory=dict)
    per: str = "block"
    groups: Mapping[int, str] = field(default_factory=dict)

    def groups_of(self, blocks: Iterable[int]) -> list[str]:
        """Return the group of each of the blocks; an empty list if there are none to judge by."""
        if self.claim.is_binary or not self.groups:
            return []
        return [self.groups[block] for block in blocks]


def judge_claims(measured: Sequence[Measured]) -> list[JudgedClaim]:
    """Judge all claims of one experiment together, but those that restate another."""
    samples = {it.claim.name: _sample(it) for it in measured if not it.claim.restates}
    found = judge(samples)
    return [_judged(it, found.get(it.claim.name)) for it in measured]


def _known(claim: Claim, pairs: Pairs) -> dict[int, tuple[float, float]]:
    """Return the blocks with both sides, and these finite; a ratio needs both above 0."""
    is_ratio = claim.scale is Scale.RATIO
    return {
        block: (first, second)
        for block, (first, second) in pairs.items()
        if first is not None
        and second is not None
        and max(first, second) < math.inf
        and not (is_ratio and min(first, second) <= 0)
    }


def _value(claim: Claim, pair: tuple[float, float]) -> float:
    """Return what is averaged: the log ratio, or the difference."""
    first, second = pair
    return math.log(first / second) if claim.scale is Scale.RATIO else first - second


def _judged_values(claim: Claim, values: Sequence[float]) -> list[float]:
    """Return the values that make an interval.

    Cases that are so or not are counts: where all twelve are alike, their scatter is 0 by chance.
    One case more in favour of either side (Bonett and Price 2012, “Adjusted Wald confidence
    interval for a difference of binomial proportions based on paired data”) mends that.
    """
    if claim.is_binary and len(values) >= FEWEST_BLOCKS:
        return [*values, 1.0, -1.0]
    return list(values)


def _interval(measured: Measured, known: Mapping[int, tuple[float, float]]) -> Interval:
    """Return the mean of the blocks' values, with the interval of those that are judged."""
    claim, per = measured.claim, measured.per
    values = [_value(claim, pair) for pair in known.values()]
    judged = _judged_values(claim, values)
    found = mean_interval(judged, per=per, groups=measured.groups_of(known))
    if not claim.is_binary or len(values) < FEWEST_BLOCKS:
        return found
    method = f"{found.method}, with one more in favour of either side (Bonett and Price)"
    method = method.replace(f" over {len(judged)} ", f" over {len(values)} ")
    return Interval(fmean(values), found.low, found.high, method)


def _shown(claim: Claim, value: float | None) -> float | None:
    return math.exp(value) if value is not None and claim.scale is Scale.RATIO else value


def _smallest(claim: Claim) -> float:
    return math.log1p(claim.smallest) if claim.scale is Scale.RATIO else claim.smallest


def _sample(measured: Measured) -> Sample:
    claim, known = measured.claim, _known(measured.claim, measured.pairs)
    quiet = {block: pair for block, pair in known.items() if block not in measured.disturbed}
    return Sample(
        values=_judged_values(claim, [_value(claim, pair) for pair in known.values()]),
        smallest=_smallest(claim),
        quiet=_judged_values(claim, [_value(claim, pair) for pair in quiet.values()]),
        per=measured.per,
        groups=measured.groups_of(known),
        quiet_groups=measured.groups_of(quiet),
        least=claim.least,
    )


def _judged(measured: Measured, judgement: Judgement | None) -> JudgedClaim:
    claim, known = measured.claim, _known(measured.claim, measured.pairs)
    interval = _interval(measured, known)
    value, low, high = (_shown(claim, it) for it in (interval.mean, interval.low, interval.high))
    alternatives = [_alternative(measured, *it) for it in measured.alternatives.items()]
    if judgement is not None:
        sides = (claim.first, claim.second)
        judgement = judged_with_endless(judgement, measured.pairs, sides, measured.per)
        judgement = _unless_contradicted(judgement, alternatives)
    middle = geometric_mean if claim.scale is Scale.RATIO else fmean
    scatter = _scatter(measured, known)
    is_scattered = claim.scale is Scale.RATIO and bool(scatter)
    return JudgedClaim(
        name=claim.name,
        sweep=claim.sweep,
        statement=claim.statement,
        measure=claim.measure,
        unit=claim.unit,
        scale=claim.scale,
        first_side=claim.first,
        second_side=claim.second,
        first=middle([first for first, _ in known.values()]) if known else None,
        second=middle([second for _, second in known.values()]) if known else None,
        value=value,
        low=low,
        high=high,
        method=interval.method,
        smallest=claim.smallest,
        blocks=[
            ClaimBlock(
                block=block,
                first=pair[0],
                second=pair[1],
                value=pair[0] / pair[1] if claim.scale is Scale.RATIO else pair[0] - pair[1],
                disturbed=block in measured.disturbed,
            )
            for block, pair in known.items()
        ],
        verdict=None if judgement is None else judgement.verdict,
        reason=_RESTATES.format(claim.restates) if judgement is None else judgement.reason,
        judged_at=None if judgement is None else judgement.confidence,
        judged_low=None if judgement is None else _shown(claim, judgement.low),
        judged_high=None if judgement is None else _shown(claim, judgement.high),
        is_case=claim.is_binary,
        restates=claim.restates,
        depends=list(claim.depends),
        alternatives=alternatives,
        words=claim.words(value, low, high, per=measured.per, cases=list(known.values())),
        scatter=scatter,
        blocks_for_5_percent=blocks_needed(scatter) if is_scattered and scatter else None,
        detectable=_detectable(claim, scatter, len(known)) if is_scattered and scatter else None,
    )


def _scatter(measured: Measured, known: Mapping[int, tuple[float, float]]) -> float | None:
    """Return the standard deviation of the blocks' values, that within their groups if any."""
    if len(known) < FEWEST:
        return None
    values = [_value(measured.claim, pair) for pair in known.values()]
    return estimate(values, measured.groups_of(known)).error * math.sqrt(len(values))


def _detectable(claim: Claim, scatter: float, blocks: int) -> float | None:
    """Return the ratio minus 1 that lies beyond the smallest that matters in 9 of 10 runs."""
    found = detectable(scatter, blocks)
    return None if found is None else (1 + found) * (1 + claim.smallest) - 1


def _alternative(measured: Measured, variation: str, pairs: Pairs) -> Alternative:
    claim, known = measured.claim, _known(measured.claim, pairs)
    values = [_value(claim, pair) for pair in known.values()]
    interval = _interval(measured, known)
    verdict = verdict_of(
        _judged_values(claim, values), _smallest(claim), CONFIDENCE, measured.groups_of(known)
    )
    return Alternative(
        variation=variation,
        value=_shown(claim, interval.mean),
        low=_shown(claim, interval.low),
        high=_shown(claim, interval.high),
        blocks=len(values),
        verdict=unless_endless(verdict, pairs),
    )


def _unless_contradicted(judgement: Judgement, alternatives: Sequence[Alternative]) -> Judgement:
    """Decide nothing where another way of measuring, with as good reasons, gives the reverse."""
    for other in alternatives:
        if {judgement.verdict, other.verdict} == {Verdict.SUPPORTED, Verdict.NOT_SUPPORTED}:
            reason = f"Measured otherwise, it would be “{other.verdict}”: {other.variation}."
            return replace(judgement, verdict=Verdict.INCONCLUSIVE, reason=reason)
    return judgement
