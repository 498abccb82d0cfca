"""The verdict on a claim: two measurements of each block, their ratio, its interval."""

from collections.abc import Mapping

from benchmarks.analysis.power import blocks_needed, detectable, log_sd
from benchmarks.analysis.ratios import CONFIDENCE, ratio_interval, verdict
from benchmarks.experiments.runner.claim import Claim
from benchmarks.results_model.claims import RatioBlock, RatioClaim, Unit

Pair = tuple[float | None, float | None]  # a block's two measurements


def judge_pairs(
    claim: Claim, found: Mapping[int, Pair], unit: Unit, *, per: str = "block"
) -> RatioClaim:
    """Judge a claim by two measurements of each block; one without the other is left out.

    `per` is what the pairs are of, in the sentences of the outcome.
    """
    pairs = {
        number: (first, second)
        for number, (first, second) in found.items()
        if first and second and first > 0 and second > 0
    }
    interval = ratio_interval(list(pairs.values()))
    scatter = log_sd(interval.blocks)
    return RatioClaim(
        name=claim.name,
        sweep=claim.sweep,
        statement=claim.statement,
        measure=claim.measure,
        unit=unit,
        of=claim.of,
        claimed=claim.side,
        ratio=interval.ratio,
        low=interval.low,
        high=interval.high,
        confidence=CONFIDENCE,
        method=interval.method.replace("block", per),
        blocks=[
            RatioBlock(block=block, first=first, second=second, ratio=first / second)
            for block, (first, second) in pairs.items()
        ],
        verdict=verdict(interval, claim.side),
        words=claim.words(interval).replace("block", per),
        scatter=scatter,
        blocks_for_5_percent=None if not scatter else blocks_needed(scatter),
        detectable=None if not scatter else detectable(scatter, len(pairs)),
    )
