"""The claims that faults decide, and how: a difference between the sides, over blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from benchmarks.analysis.differences import DifferenceInterval, difference_over_blocks
from benchmarks.analysis.proportions import share_of
from benchmarks.analysis.ratios import CONFIDENCE
from benchmarks.experiments.faults.kept_submissions import Kept
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

FEWEST_BLOCKS = 5
Pair = tuple[float | None, float | None]  # of one block: the services, the monolith


class Verdict(StrEnum):
    """The verdict of a run on a claim."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Claim:
    """A hypothesis: the difference `of` two measurements of a block lies above 0.

    `unit` is "share" or "s". `depends` lists what else it rests on.
    """

    name: str
    says: str
    measure: str
    of: str
    sweep: str
    unit: str
    depends: tuple[str, ...] = ()


_SERVICES_MORE = f"{SERVICES} \u2212 {MONOLITH}"
_MONOLITH_MORE = f"{MONOLITH} \u2212 {SERVICES}"
_WEIGHTS = (
    "every process type fails equally often, whatever it does and however many of them run",
    "every feature weighs the same, however many people use it",
    "one process of each type runs, so that nothing takes over for what is down",
)

PROCESSES = Claim(
    name="processes",
    says="While one process type is down, more features stay available in the services than in the "
    "monolith.",
    measure="availability while a process type is killed, mean over features and process types",
    of=_SERVICES_MORE,
    sweep="processes-killed",
    unit="share",
    depends=_WEIGHTS,
)
BACKING = Claim(
    name="backing",
    says="While one backing service is stalled, more features stay available in the services than "
    "in the monolith.",
    measure="availability while a backing service or the edge is stalled, mean over features and "
    "components",
    of=_SERVICES_MORE,
    sweep="backing-stalled",
    unit="share",
    depends=(
        "each backing service and the edge stalls equally often",
        "every feature weighs the same, however many people use it",
        "both sides share one instance of each backing service for all that they do",
    ),
)
RECOVERY = Claim(
    name="recovery",
    says="After a process type was down, the services are well again sooner than the monolith.",
    measure="seconds from the failure's end until all features work, mean over process types",
    of=_MONOLITH_MORE,
    sweep="processes-killed",
    unit="s",
    depends=(
        "every process type fails equally often",
        "a process takes its start from the one core that everything else shares",
    ),
)
KEPT_SAYS = "No accepted submission is lost or doubled on either side, whatever fails."
KEPT_MEASURE = "accepted submissions that were lost, and rows beyond the requests that were sent"


def judge(claim: Claim, pairs: Mapping[int, Pair]) -> dict[str, Any]:
    """Judge a claim by what each block measured of the services and of the monolith, by number.

    A block without one of the two is left out.
    """
    blocks = _signed(claim, pairs)
    interval = difference_over_blocks([(first, second) for _, first, second in blocks])
    return {
        "name": claim.name,
        "says": claim.says,
        "measure": claim.measure,
        "of": claim.of,
        "sweep": claim.sweep,
        "unit": claim.unit,
        "depends": list(claim.depends),
        "confidence": CONFIDENCE,
        **asdict(interval),
        "blocks": [
            {"block": number, "first": first, "second": second, "difference": first - second}
            for number, first, second in blocks
        ],
        "verdict": str(verdict(interval, len(blocks))),
        "alternatives": [],
    }


def _signed(claim: Claim, pairs: Mapping[int, Pair]) -> list[tuple[int, float, float]]:
    known = [
        (number, services, monolith)
        for number, (services, monolith) in pairs.items()
        if services is not None and monolith is not None
    ]
    if claim.of == _MONOLITH_MORE:
        return [(number, monolith, services) for number, services, monolith in known]
    return known


def alternative(claim: Claim, says: str, pairs: Mapping[int, Pair]) -> dict[str, Any]:
    """The same claim, measured as a critic would have it."""
    judged = judge(claim, pairs)
    kept = ("difference", "low", "high", "verdict")
    return {"says": says, **{name: judged[name] for name in kept}, "blocks": len(judged["blocks"])}


def verdict(interval: DifferenceInterval, blocks: int) -> Verdict:
    """Judge a claim that a difference lies above 0; fewer than `FEWEST_BLOCKS` judge nothing."""
    if blocks < FEWEST_BLOCKS or interval.low is None or interval.high is None:
        return Verdict.INCONCLUSIVE
    if interval.low > 0:
        return Verdict.SUPPORTED
    return Verdict.NOT_SUPPORTED if interval.high < 0 else Verdict.INCONCLUSIVE


def judge_kept(counts: Mapping[str, Sequence[Kept]], blocks: int) -> dict[str, Any]:
    """Judge the claim about what is kept, by architecture and trial.

    One lost or doubled submission refutes it. Otherwise each side's `high` is the end of Wilson's
    interval: so large a share might be lost, and nothing seen of it.
    """
    sides = {
        name: {
            "accepted": sum(it.accepted for it in found),
            "lost": sum(it.lost for it in found),
            "doubled": sum(it.doubled for it in found),
        }
        for name, found in counts.items()
    }
    broken = sum(it["lost"] + it["doubled"] for it in sides.values())
    if broken:
        found = Verdict.NOT_SUPPORTED
    else:
        found = Verdict.SUPPORTED if blocks >= FEWEST_BLOCKS else Verdict.INCONCLUSIVE
    return {
        "says": KEPT_SAYS,
        "measure": KEPT_MEASURE,
        "blocks": blocks,
        "confidence": CONFIDENCE,
        "sides": {
            name: {
                **it,
                "high": share_of(
                    min(it["accepted"], it["lost"] + it["doubled"]), it["accepted"]
                ).high,
            }
            for name, it in sides.items()
        },
        "verdict": str(found),
    }
