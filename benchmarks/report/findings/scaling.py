"""The page on scaling: what a submission costs, what a core carries, what a further copy takes."""

from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.work_ratio import inverse, ratio_over_work
from benchmarks.report.findings.claims import by_name
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.scaling import WorkPoint
from benchmarks.results_model.sweeps import ElasticitySweep, LoadSweep, ReplicasSweep, WorkSweep


def context(scaling: ScalingResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    loads = {it.name: it for it in scaling.sweeps if isinstance(it, LoadSweep)}
    (elasticity,) = (it for it in scaling.sweeps if isinstance(it, ElasticitySweep))
    (replicas,) = (
        it
        for it in scaling.sweeps
        if isinstance(it, ReplicasSweep) and it.name == "replicas-waiting"
    )
    return {
        "claims": by_name(scaling.claims),
        "floor_cpu_ms": scaling.floor_cpu_ms,
        "load": {arm.name: arm for arm in loads["load"].arms},
        "work": [_work_row(point) for point in _work(scaling).points],
        "laws": [
            (title, law.arm, law.fit)
            for title, name in (
                ("computed", "load"),
                ("waited for", "waiting"),
            )
            for law in loads[name].usl
            if law.fit is not None
        ],
        "replicas": [
            (arm.name, max(arm.levels, key=lambda level: level.users), arm) for arm in replicas.arms
        ],
        "recoveries": {found.arm: found for found in elasticity.recoveries},
        "rates": [step.rate for step in elasticity.steps],
    }


def _work(scaling: ScalingResults) -> WorkSweep:
    (found,) = (sweep for sweep in scaling.sweeps if isinstance(sweep, WorkSweep))
    return found


def _work_row(point: WorkPoint) -> dict[str, Any]:
    monolith, services = (
        next(found.mean for name, found in point.cpu_ms.items() if name.startswith(side))
        for side in ("monolith", "microservices")
    )
    return {
        "work_cpu_ms": point.work_cpu_ms,
        "monolith": monolith,
        "services": services,
        "cpu": inverse(point.cpu),
        "throughput": point.throughput,
    }


def figure(scaling: ScalingResults) -> str:
    """Draw the ratio of CPU time over the recognizer's CPU time."""
    return ratio_over_work(
        _work(scaling).points,
        [],
        name="findings-scaling",
        title="CPU time per submission, services ÷ monolith, over the work of a submission",
        amount=lambda point: inverse(point.cpu),
        colour=svg.hue_colour("first", 1),
        y="CPU-ms, services ÷ monolith",
    )
