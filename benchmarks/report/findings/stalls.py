"""The page on stalls: what works while a backing service or the edge stands still."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report.findings.availability import (
    ARCHITECTURES,
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
from benchmarks.results_model.faults_figures import FaultFigures, FaultsArm

NAME = "findings-stalls"
STALLED = "backing-stalled"
CLAIM = "backing"
EDGE = "edge"
AT_ONCE_SECONDS = 0.5
MOST_SECONDS = 10.0  # until every submission is final, which the sentences assume


def context(faults: FaultsResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    require_nothing_lost(faults.kept)
    sweep = sweep_of(faults, STALLED)
    stalled = {arm.name: arm for arm in sweep.arms}
    works_seconds = longest_recovery(stalled.values())
    require("all features work at once", shown=works_seconds <= AT_ONCE_SECONDS, assumed=True)
    pairs = list(zip(*(stalled[side].faults for side in ARCHITECTURES), strict=True))
    _require_edge_least(stalled)
    slowest = max(it.drained.longest or 0.0 for pair in pairs for it in pair)
    require("all final within 10 s", shown=slowest <= MOST_SECONDS, assumed=True)
    return {
        "claims": {name: it for name, it in by_name(faults.claims).items() if name == CLAIM},
        "kept_counts": kept_counts(faults.kept),
        "features": faults.features,
        "blocks": sweep.blocks,
        "stalled": [(one.component, one, other) for one, other in pairs],
        "best": _best(pairs),
        "edge": {side: _of_edge(arm).mean for side, arm in stalled.items()},
        "means": {side: mean_of(arm) for side, arm in stalled.items()},
        "slowest_seconds": slowest,
        "kept": faults.kept,
    }


def _best(pairs: list[tuple[FaultFigures, FaultFigures]]) -> tuple[FaultFigures, FaultFigures]:
    """Return the two sides of the component without which most works."""
    return max(pairs, key=lambda pair: (pair[0].mean or 0.0) + (pair[1].mean or 0.0))


def _of_edge(arm: FaultsArm) -> FaultFigures:
    (found,) = (fault for fault in arm.faults if fault.component == EDGE)
    return found


def _require_edge_least(stalled: Mapping[str, FaultsArm]) -> None:
    """Require that least works without the edge, which the sentences assume."""
    for side, arm in stalled.items():
        least = min(arm.faults, key=lambda fault: fault.mean or 0.0).component
        require(f"without which least works ({side})", shown=least, assumed=EDGE)


def figure(faults: FaultsResults) -> str:
    """Draw the share served in time of each feature while each component stands still."""
    title = "Share served in time while a backing service or the edge is stalled"
    return as_heat_maps(faults, STALLED, name=NAME, title=title)
