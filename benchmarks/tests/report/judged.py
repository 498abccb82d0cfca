"""Judged claims for the tests of how they are shown."""

from typing import Any

from msgspec.structs import replace

from benchmarks.analysis.verdicts import Verdict
from benchmarks.results_model.claims import Alternative, ClaimBlock, JudgedClaim, Scale


def claim_of(**changes: Any) -> JudgedClaim:
    """Return a supported claim about a ratio, with changed fields."""
    judged = JudgedClaim(
        name="cpu",
        sweep="load",
        statement="The services need more CPU.",
        measure="CPU-ms per submission",
        unit="ms",
        scale=Scale.RATIO,
        first_side="microservices",
        second_side="monolith",
        first=100.0,
        second=80.0,
        value=1.25,
        low=1.15,
        high=1.35,
        method="Student's t over 5 blocks",
        smallest=0.05,
        blocks=[
            ClaimBlock(block=1, first=100.0, second=80.0, value=1.25, disturbed=False),
            ClaimBlock(block=2, first=96.0, second=80.0, value=1.2, disturbed=True),
        ],
        verdict=Verdict.SUPPORTED,
        reason="The 99 % interval lies beyond the smallest effect that matters.",
        judged_at=0.99,
        restates="",
        depends=["the core is full"],
        alternatives=[
            Alternative(
                variation="with a warm cache",
                value=1.1,
                low=0.9,
                high=1.3,
                blocks=5,
                verdict=Verdict.INCONCLUSIVE,
            )
        ],
        words="The services need 1.25 times the CPU (1.15 to 1.35).",
        scatter=0.05,
        blocks_for_5_percent=7,
        detectable=0.078,
    )
    return replace(judged, **changes)


def difference_of(**changes: Any) -> JudgedClaim:
    """Return a supported claim about a difference of shares, with changed fields."""
    fields: dict[str, Any] = {
        "unit": "share",
        "scale": Scale.DIFFERENCE,
        "measure": "availability",
        "first": 0.8,
        "second": 0.7,
        "value": 0.1,
        "low": 0.05,
        "high": 0.15,
        "smallest": 0.02,
        "blocks": [ClaimBlock(block=1, first=0.8, second=0.7, value=0.1, disturbed=False)],
        "alternatives": [],
        "words": "microservices \u2212 monolith: +10.0 points (+5.0 points to +15.0 points).",
        "blocks_for_5_percent": None,
        "detectable": None,
    }
    return claim_of(**fields | changes)


def restating(**changes: Any) -> JudgedClaim:
    """Return a claim that restates another, which has no verdict."""
    fields: dict[str, Any] = {"verdict": None, "judged_at": None, "restates": "cpu"}
    return claim_of(**fields | changes)


def cases_of(cases: int) -> JudgedClaim:
    """Return a claim of so many cases, of which the first is so in the monolith alone."""
    return difference_of(
        is_case=True,
        first_side="monolith",
        second_side="microservices",
        first=1 / cases,
        second=0.0,
        value=1 / cases,
        low=-0.3,
        high=0.5,
        smallest=0.05,
        blocks=[
            ClaimBlock(
                block=number,
                first=float(number == 1),
                second=0.0,
                value=float(number == 1),
                disturbed=False,
            )
            for number in range(1, cases + 1)
        ],
    )
