"""What the pages on faults and on stalls have in common: shares served in time, per fault."""

from collections.abc import Iterable
from statistics import fmean

from benchmarks.report.figures.heat_map import Row, heat_maps
from benchmarks.report.findings.errors import require
from benchmarks.results_model.faults import FaultsResults, KeptClaim
from benchmarks.results_model.faults_figures import FaultsArm, FaultsSweep

ARCHITECTURES = ("monolith", "microservices")
KEPT = "supported"


def sweep_of(faults: FaultsResults, name: str) -> FaultsSweep:
    """Return the sweep of that name. OutdatedSentencesError where the run has none."""
    names = [sweep.name for sweep in faults.sweeps]
    require(f"the sweep {name}", shown=name in names, assumed=True)
    return faults.sweeps[names.index(name)]


def mean_of(arm: FaultsArm) -> float:
    """Return the mean share (0-1) over the arm's faults, all of which were measured."""
    means = [fault.mean for fault in arm.faults if fault.mean is not None]
    require(f"faults of {arm.name} with a mean", shown=len(means), assumed=len(arm.faults))
    return fmean(means)


def kept_counts(kept: KeptClaim) -> list[str]:
    """Return of each side what was lost or doubled, of what it accepted."""
    return [f"{side.lost + side.doubled} of {side.accepted}" for side in kept.sides.values()]


def require_nothing_lost(kept: KeptClaim) -> None:
    """Require that no accepted submission was lost or doubled, which the sentences assume."""
    require("verdict of what is kept", shown=kept.verdict, assumed=KEPT)


def longest_recovery(arms: Iterable[FaultsArm]) -> float:
    """Return after how many seconds, at most, all features worked again; they did in each trial."""
    faults = [fault for arm in arms for fault in arm.faults]
    unseen = [fault.name for fault in faults if fault.recovered.not_seen]
    require("faults without a recovery", shown=unseen, assumed=[])
    return max(fault.recovered.longest or 0.0 for fault in faults)


def as_heat_maps(faults: FaultsResults, sweep: str, *, name: str, title: str) -> str:
    """Draw a map for each arm of a sweep: a row for each fault, a column for each feature."""
    return heat_maps(
        {
            arm.name: [
                Row(
                    fault.component,
                    [fault.features[feature].during.share for feature in faults.features],
                    fault.mean,
                )
                for fault in arm.faults
            ]
            for arm in sweep_of(faults, sweep).arms
        },
        faults.features,
        name=name,
        title=title,
    )
