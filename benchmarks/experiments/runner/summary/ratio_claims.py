"""The verdict on a claim: two measurements of each block, their ratio, its interval."""

from collections.abc import Mapping
from typing import Any

from benchmarks.analysis.power import blocks_needed, detectable, log_sd
from benchmarks.analysis.ratios import CONFIDENCE, ratio_interval, verdict
from benchmarks.experiments.runner.claim import Claim

Pair = tuple[float | None, float | None]  # a block's two measurements


def judge_pairs(claim: Claim, found: Mapping[int, Pair], unit: str) -> dict[str, Any]:
    """What two measurements of each block say about a claim; one without the other is left out."""
    pairs = {
        number: (first, second)
        for number, (first, second) in found.items()
        if first and second and first > 0 and second > 0
    }
    interval = ratio_interval(list(pairs.values()))
    scatter = log_sd(interval.blocks)
    return {
        "name": claim.name,
        "sweep": claim.sweep,
        "says": claim.statement,
        "measure": claim.measure,
        "unit": unit,
        "of": claim.of,
        "claimed": str(claim.side),
        "ratio": interval.ratio,
        "low": interval.low,
        "high": interval.high,
        "confidence": CONFIDENCE,
        "method": interval.method,
        "blocks": [
            {"block": block, "first": pair[0], "second": pair[1], "ratio": pair[0] / pair[1]}
            for block, pair in pairs.items()
        ],
        "verdict": str(verdict(interval, claim.side)),
        "words": claim.words(interval),
        "scatter": scatter,
        "blocks_for_5_percent": None if not scatter else blocks_needed(scatter),
        "detectable": None if not scatter else detectable(scatter, len(pairs)),
    }
