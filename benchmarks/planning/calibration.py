"""What is fitted: how much more a submission costs under load than from one client.

The profile has one client, which sends one request after the other. Under load processes take turns
on the core and find its caches cold. The factor is fitted on the CPU time of one run, which the
validation leaves out; no throughput and no latency is fitted.
"""

from collections.abc import Mapping
from statistics import geometric_mean

from benchmarks.planning.errors import PlanningError
from benchmarks.planning.service_times import ServiceTimes, speed
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.sweeps import LoadSweep

SWEEP = "load"


def load_factor(times: Mapping[str, ServiceTimes], run: ScalingResults) -> float:
    """Return the run's CPU-ms of a submission by the profile's, on both sides alike.

    Raises PlanningError for a run without a load sweep of both architectures.
    """
    measured = cpu_under_load(run)
    if missing := sorted(set(times) - set(measured)):
        raise PlanningError(f"The run has no load sweep of {missing[0]}.")
    return geometric_mean(
        measured[name] / it.at_speed(speed(it, run)).saturated_ms for name, it in times.items()
    )


def cpu_under_load(run: ScalingResults) -> dict[str, float]:
    """Return CPU-ms per completed submission in the run's load sweep, by architecture."""
    return {
        arm.name: arm.cpu_ms_per_submission
        for sweep in run.sweeps
        if isinstance(sweep, LoadSweep) and sweep.name == SWEEP
        for arm in sweep.arms
        if arm.cpu_ms_per_submission is not None
    }


def times_in(times: ServiceTimes, run: ScalingResults, factor: float) -> ServiceTimes:
    """Return the times on a run's machine under load."""
    return times.at_speed(speed(times, run) * factor)
