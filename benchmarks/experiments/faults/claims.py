"""The claims that faults decide: differences between the sides, over blocks; and what is kept."""

from collections.abc import Mapping, Sequence

from benchmarks.analysis.intervals import CONFIDENCE
from benchmarks.analysis.proportions import share_of
from benchmarks.analysis.verdicts import FEWEST_BLOCKS, Verdict
from benchmarks.experiments.faults.kept_submissions import Kept
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim
from benchmarks.results_model.claims import Scale
from benchmarks.results_model.faults import KeptClaim, KeptSide

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
    first=SERVICES,
    second=MONOLITH,
    sweep="processes-killed",
    unit="share",
    scale=Scale.DIFFERENCE,
    smallest=0.02,
    depends=_WEIGHTS,
)
BACKING = Claim(
    name="backing",
    statement="While one backing service is stalled, more features stay available in the services "
    "than in the monolith.",
    measure="availability while a backing service or the edge is stalled, mean over features and "
    "components",
    first=SERVICES,
    second=MONOLITH,
    sweep="backing-stalled",
    unit="share",
    scale=Scale.DIFFERENCE,
    smallest=0.02,
    depends=(
        "each backing service and the edge stalls equally often",
        "every feature weighs the same, however many people use it",
        "both sides share one instance of each backing service for all that they do",
    ),
)
RECOVERY = Claim(
    name="recovery",
    statement="After a process type was down, requests to the services are as quick as before "
    "sooner than requests to the monolith.",
    measure="seconds from the failure's end until all requests are as quick as before, mean over "
    "process types",
    first=MONOLITH,
    second=SERVICES,
    sweep="processes-killed",
    unit="s",
    scale=Scale.DIFFERENCE,
    smallest=1.0,
    depends=(
        "every process type fails equally often",
        "as quick as before: within 0.5 s, or three times the feature's calm median if longer",
        "the failure ends when the process is started again, so its start counts",
        "a process takes its start from the one core that everything else shares",
    ),
)
KEPT_STATEMENT = "No accepted submission is lost or doubled on either side, whatever fails."
KEPT_MEASURE = "accepted submissions that were lost, and rows beyond the requests that were sent"


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
