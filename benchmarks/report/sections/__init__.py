"""The page's sections, one module for each kind of sweep: the values of its template.

A section is a dict for its template: `template`, `sweep`, and the module's own values.
"""

from typing import Any

from benchmarks.report.sections import (
    autoscaling,
    elasticity,
    floor,
    load,
    offload,
    releases,
    replicas,
    work,
)
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.sweeps import (
    AnySweep,
    AutoscalingSweep,
    ColdStartsSweep,
    ElasticitySweep,
    FloorSweep,
    LoadSweep,
    OffloadSweep,
    OverheadSweep,
    ReleasesSweep,
    ReplicasSweep,
    StepSweep,
    WorkSweep,
)

KINDS = (  # as on the page
    *("offload", "cold-starts", "step"),
    *("load", "work", "replicas", "elasticity", "autoscaling", "releases", "floor"),
)


def sections(experiment: TrialResults) -> list[dict[str, Any]]:
    """Return all sections of a run; a sweep without counted trials has no drawings."""
    return [
        {
            "template": f"{kind}.html.j2",
            "sweep": sweep,
            "is_measured": any(arm.levels for arm in sweep.arms),
            **_values(sweep, experiment),
        }
        for kind in KINDS
        for sweep in experiment.sweeps
        if sweep.kind == kind
    ]


def _values(sweep: AnySweep, experiment: TrialResults) -> dict[str, Any]:
    if isinstance(sweep, FloorSweep):
        return floor.section(sweep, experiment)
    if isinstance(sweep, OverheadSweep):
        return {}  # it has a card of its own
    if isinstance(sweep, OffloadSweep | ColdStartsSweep | StepSweep):
        return offload.values(sweep)
    return _of_arms(sweep)


def _of_arms(
    sweep: LoadSweep
    | WorkSweep
    | ReplicasSweep
    | ElasticitySweep
    | AutoscalingSweep
    | ReleasesSweep,
) -> dict[str, Any]:
    match sweep:
        case LoadSweep():
            return load.section(sweep)
        case WorkSweep():
            return work.section(sweep)
        case ReplicasSweep():
            return replicas.section(sweep)
        case ElasticitySweep():
            return elasticity.section(sweep)
        case AutoscalingSweep():
            return autoscaling.section(sweep)
        case ReleasesSweep():
            return releases.section(sweep)
