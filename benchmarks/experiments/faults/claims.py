"""The claims that faults decide, and how: a difference between the sides, over blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.analysis.differences import DifferenceInterval, difference_over_blocks
from benchmarks.analysis.proportions import share_of
from benchmarks.analysis.ratios import CONFIDENCE
from benchmarks.experiments.faults.kept_submissions import Kept
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.results_model.faults import (
    Alternative,
    DifferenceBlock,
    DifferenceClaim,
    DifferenceUnit,
    KeptClaim,
    KeptSide,
)
from benchmarks.results_model.faults import HypothesisVerdict as Verdict

FEWEST_BLOCKS = 5
Pair = tuple[float | None, float | None]  # of one block: the services, the monolith


@dataclass(frozen=True, slots=True)
class Claim:
    """A hypothesis: the difference `of` two measurements of a block lies above 0.

    `unit` is "share" or "s". `depends` lists what else it rests on.
    """

    name: str
    statement: str
    measure: str
    of: str
    sweep: str
    unit: DifferenceUnit
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
    statement="While one process type is down, more features stay available in the services than "
    "in the monolith.",
    measure="availability while a process type is killed, mean over features and process types",
    of=_SERVICES_MORE,
    sweep="processes-killed",
    unit="share",
    depends=_WEIGHTS,
)
BACKING = Claim(
    name="backing",
    statement="While one backing service is stalled, more features stay available in the services "
    "than in the monolith.",
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
    statement="After a process type was down, the services are well again sooner than the "
    "monolith.",
    measure="seconds from the failure's end until all features work, mean over process types",
    of=_MONOLITH_MORE,
    sweep="processes-killed",
    unit="s",
    depends=(
        "every process type fails equally often",
        "a process takes its start from the one core that everything else shares",
    ),
)
KEPT_STATEMENT = "No accepted submission is lost or doubled on either side, whatever fails."
KEPT_MEASURE = "accepted submissions that were lost, and rows beyond the requests that were sent"


def judge(
    claim: Claim,
    pairs: Mapping[int, Pair],
    alternatives: Mapping[str, Mapping[int, Pair]] | None = None,
) -> DifferenceClaim:
    """Judge a claim by what each block measured of the services and of the monolith, by number.

    A block without one of the two is left out. `alternatives` are the same claim measured in other
    ways, each by its name.
    """
    blocks = _signed(claim, pairs)
    interval = _interval(blocks)
    return DifferenceClaim(
        name=claim.name,
        statement=claim.statement,
        measure=claim.measure,
        of=claim.of,
        sweep=claim.sweep,
        unit=claim.unit,
        depends=list(claim.depends),
        confidence=CONFIDENCE,
        difference=interval.difference,
        low=interval.low,
        high=interval.high,
        method=interval.method,
        blocks=blocks,
        verdict=verdict(interval, len(blocks)),
        alternatives=[
            _alternative(claim, name, measured) for name, measured in (alternatives or {}).items()
        ],
    )


def _signed(claim: Claim, pairs: Mapping[int, Pair]) -> list[DifferenceBlock]:
    """Return the blocks that have both sides, the side that the claim names first as `first`."""
    found = []
    for number, (services, monolith) in pairs.items():
        if services is None or monolith is None:
            continue
        is_reversed = claim.of == _MONOLITH_MORE
        first, second = (monolith, services) if is_reversed else (services, monolith)
        difference = first - second
        found.append(
            DifferenceBlock(block=number, first=first, second=second, difference=difference)
        )
    return found


def _interval(blocks: Sequence[DifferenceBlock]) -> DifferenceInterval:
    return difference_over_blocks([(block.first, block.second) for block in blocks])


def _alternative(claim: Claim, name: str, pairs: Mapping[int, Pair]) -> Alternative:
    """Return the same claim, measured as a critic would have it."""
    blocks = _signed(claim, pairs)
    interval = _interval(blocks)
    return Alternative(
        variation=name,
        difference=interval.difference,
        low=interval.low,
        high=interval.high,
        verdict=verdict(interval, len(blocks)),
        blocks=len(blocks),
    )


def verdict(interval: DifferenceInterval, blocks: int) -> Verdict:
    """Judge a claim that a difference lies above 0; fewer than `FEWEST_BLOCKS` judge nothing."""
    if blocks < FEWEST_BLOCKS or interval.low is None or interval.high is None:
        return Verdict.INCONCLUSIVE
    if interval.low > 0:
        return Verdict.SUPPORTED
    return Verdict.NOT_SUPPORTED if interval.high < 0 else Verdict.INCONCLUSIVE


def judge_kept(counts: Mapping[str, Sequence[Kept]], blocks: int) -> KeptClaim:
    """Judge the claim about what is kept, by architecture and trial.

    One lost or doubled submission refutes it. Otherwise each side's `high` is the end of Wilson's
    interval: so large a share might be lost without being observed.
    """
    sides = {name: _kept_side(found) for name, found in counts.items()}
    if any(side.lost + side.doubled for side in sides.values()):
        found = Verdict.NOT_SUPPORTED
    else:
        found = Verdict.SUPPORTED if blocks >= FEWEST_BLOCKS else Verdict.INCONCLUSIVE
    return KeptClaim(
        statement=KEPT_STATEMENT,
        measure=KEPT_MEASURE,
        blocks=blocks,
        confidence=CONFIDENCE,
        sides=sides,
        verdict=found,
    )


def _kept_side(trials: Sequence[Kept]) -> KeptSide:
    accepted = sum(kept.accepted for kept in trials)
    lost = sum(kept.lost for kept in trials)
    doubled = sum(kept.doubled for kept in trials)
    return KeptSide(
        accepted=accepted,
        lost=lost,
        doubled=doubled,
        high=share_of(min(accepted, lost + doubled), accepted).high,
    )
