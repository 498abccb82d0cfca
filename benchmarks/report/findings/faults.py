"""The page on faults: what works while one component is down, and how soon all works again."""

from collections.abc import Mapping
from statistics import fmean
from typing import Any

from benchmarks.report.figures.heat_map import Row, heat_maps
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import require
from benchmarks.results_model.faults import FaultsResults, KeptClaim
from benchmarks.results_model.faults_figures import FaultsArm

ARCHITECTURES = ("monolith", "microservices")
KILLED, STALLED = "processes-killed", "backing-stalled"
KEPT = "supported"
AT_ONCE_SECONDS = 0.5


def context(faults: FaultsResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    sweeps = {sweep.name: sweep for sweep in faults.sweeps}
    require("verdict of what is kept", shown=faults.kept.verdict, assumed=KEPT)
    arms = {name: {arm.name: arm for arm in sweeps[name].arms} for name in (KILLED, STALLED)}
    _require_web_first(arms[KILLED])
    return {
        "claims": by_name(faults.claims),
        "kept_counts": _kept_counts(faults.kept),
        "features": faults.features,
        "sweep": sweeps[KILLED],
        "killed": arms[KILLED],
        "stalled": [
            (one.component, one, other)
            for one, other in zip(
                *(arms[STALLED][side].faults for side in ARCHITECTURES), strict=True
            )
        ],
        "means": {
            (name, side): _mean(arms[name][side])
            for name in (KILLED, STALLED)
            for side in ARCHITECTURES
        },
        "slowest_seconds": max(
            fault.drained.longest or 0.0 for arm in arms[KILLED].values() for fault in arm.faults
        ),
        "kept": faults.kept,
        "sweeps": faults.sweeps,
    }


def _mean(arm: FaultsArm) -> float:
    """Return the mean over the arm's faults, all of which were measured."""
    means = [fault.mean for fault in arm.faults if fault.mean is not None]
    require(f"faults of {arm.name} with a mean", shown=len(means), assumed=len(arm.faults))
    return fmean(means)


def _require_web_first(killed: Mapping[str, FaultsArm]) -> None:
    """Require what the sentences assume: the web processes' places, a recovery without delay."""
    names = {side: [fault.component for fault in arm.faults] for side, arm in killed.items()}
    require("first of the monolith", shown=names["monolith"][0], assumed="web")
    web = ["accounts web", "submissions web"]
    require("first two of the services", shown=names["microservices"][:2], assumed=web)
    late = [
        fault.name
        for arm in killed.values()
        for fault in arm.faults
        if fault.recovered.not_seen or (fault.recovered.longest or 0.0) > AT_ONCE_SECONDS
    ]
    require("faults with a late recovery", shown=late, assumed=[])


def _kept_counts(kept: KeptClaim) -> list[str]:
    """Return of each side what was lost or doubled, of what it accepted."""
    return [f"{side.lost + side.doubled} of {side.accepted}" for side in kept.sides.values()]


def figure(faults: FaultsResults) -> str:
    """Draw the share served in time of each feature while each process type is down."""
    (sweep,) = (each for each in faults.sweeps if each.name == KILLED)
    return heat_maps(
        {
            arm.name: [
                Row(
                    fault.component,
                    [fault.features[name].during.share for name in faults.features],
                    fault.mean,
                )
                for fault in arm.faults
            ]
            for arm in sweep.arms
        },
        faults.features,
        name="findings-faults",
        title="Share served in time while one process type is down",
    )
