"""What is fitted: how much more a submission costs under load than from one client.

The profile has one client, which sends one request after the other. Under load processes take turns
on the core and find its caches cold. The factor is of all but the search for faces, and has the
speed of the run's machine in it. It is fitted on the CPU time of one run, which the validation
leaves out; no throughput and no latency is fitted.
"""

from collections.abc import Mapping
from statistics import geometric_mean

from benchmarks.planning.errors import PlanningError
from benchmarks.planning.service_times import ServiceTimes, Speed, speed
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.sweeps import LoadSweep

SWEEP = "load"


def load_factor(times: Mapping[str, ServiceTimes], run: ScalingResults) -> float:
    """Return the run's CPU-ms of all but the search by the profile's, on both sides alike.

    A core that is full computes for a submission the search, the rest, and its share of what runs
    without requests: `measured = search + factor * (rest + background * measured)`.

    Raises PlanningError for a run without a load sweep of both architectures.
    """
    measured = cpu_under_load(run)
    if missing := sorted(set(times) - set(measured)):
        raise PlanningError(f"The run has no load sweep of {missing[0]}.")
    return geometric_mean(_factor(it, run, measured[name]) for name, it in times.items())


def _factor(times: ServiceTimes, run: ScalingResults, measured_ms: float) -> float:
    search_ms = times.search_ms * speed(times, run, run).search
    background = sum(times.background_ms.values()) / 1000
    rest_ms = times.total_ms - times.search_ms + background * measured_ms
    return (measured_ms - search_ms) / rest_ms


def cpu_under_load(run: ScalingResults) -> dict[str, float]:
    """Return CPU-ms per completed submission in the run's load sweep, by architecture."""
    return {
        arm.name: arm.cpu_ms_per_submission
        for sweep in run.sweeps
        if isinstance(sweep, LoadSweep) and sweep.name == SWEEP
        for arm in sweep.arms
        if arm.cpu_ms_per_submission is not None
    }


def times_in(
    times: ServiceTimes, run: ScalingResults, fitted: ScalingResults, factor: float
) -> ServiceTimes:
    """Return the times on a run's machine under load, by the factor of the fitted run."""
    found = speed(times, run, fitted)
    return times.at_speed(Speed(found.search, found.other * factor))
