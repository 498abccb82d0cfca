"""The page on faults: what works while one process type is down, and how soon all works again."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report.findings.availability import (
    as_heat_maps,
    kept_counts,
    longest_recovery,
    mean_of,
    require_nothing_lost,
    sweep_of,
)
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import require
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.faults_figures import FaultsArm

NAME = "findings-faults"
KILLED = "processes-killed"


def context(faults: FaultsResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    require_nothing_lost(faults.kept)
    killed = {arm.name: arm for arm in sweep_of(faults, KILLED).arms}
    _require_web_first(killed)
    return {
        "claims": by_name(faults.claims),
        "kept_counts": kept_counts(faults.kept),
        "features": faults.features,
        "killed": killed,
        "means": {side: mean_of(arm) for side, arm in killed.items()},
        "works_seconds": longest_recovery(killed.values()),
        "slowest_seconds": max(
            fault.drained.longest or 0.0 for arm in killed.values() for fault in arm.faults
        ),
        "kept": faults.kept,
    }


def _require_web_first(killed: Mapping[str, FaultsArm]) -> None:
    """Require the web processes' places, which the sentences assume."""
    names = {side: [fault.component for fault in arm.faults] for side, arm in killed.items()}
    require("first of the monolith", shown=names["monolith"][0], assumed="web")
    web = ["accounts web", "submissions web"]
    require("first two of the services", shown=names["microservices"][:2], assumed=web)


def figure(faults: FaultsResults) -> str:
    """Draw the share served in time of each feature while each process type is down."""
    title = "Share served in time while one process type is down"
    return as_heat_maps(faults, KILLED, name=NAME, title=title)
