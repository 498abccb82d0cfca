"""The points of committed sweeps that the simulation is compared with: conditions, and outcomes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.planning.route import ROUTES
from benchmarks.results_model.arms import Arm, Level
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.sweeps import LoadSweep, ReplicasSweep, Step, Sweep, WorkSweep

IN_REQUEST = "in-request"  # no worker takes part: the profile measured no such flow


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was run: an arm at one step of load.

    `replicas` is by process type without its unit, where there is more than one. The recognizer is
    the real one, unless it computed `work_cpu_ms` or waited `stub_ms` instead.
    """

    architecture: str
    replicas: Mapping[str, int]
    work_cpu_ms: float | None
    stub_ms: float | None
    users: int
    rate: float
    warm_up_seconds: float
    window_seconds: float

    @property
    def is_closed(self) -> bool:
        """Whether users begin again after each response; otherwise arrivals come at a rate."""
        return bool(self.users)


@dataclass(frozen=True, slots=True)
class Point:
    """An arm at one level of a sweep: submissions a second, and ms from submit to ready.

    `p95_low` and `p95_high` are the interval over trials, where there is one.
    """

    run: str
    sweep: str
    arm: str
    label: str
    conditions: Conditions
    throughput: float
    p95_ms: float | None
    p95_low: float | None
    p95_high: float | None


def points(run: str, results: ScalingResults) -> list[Point]:
    """Return the points of a run's load, work and replica sweeps, in their order."""
    return [
        point
        for sweep in results.sweeps
        if isinstance(sweep, LoadSweep | WorkSweep | ReplicasSweep)
        for point in _of_sweep(run, sweep)
    ]


def _window_seconds(level: Level) -> float:
    """Return the mean length of the windows: a run may have extended those of its schedule."""
    return level.completed / (level.throughput.mean or 1.0) / len(level.throughput.trials)


def _of_sweep(run: str, sweep: Sweep) -> Iterator[Point]:
    for arm in sweep.arms:
        if arm.architecture not in ROUTES or arm.name == IN_REQUEST:
            continue
        for level in arm.levels:
            if level.throughput.mean:
                conditions = _conditions(arm, level, sweep.steps[level.step])
                yield Point(
                    run=run,
                    sweep=sweep.name,
                    arm=arm.name,
                    label=level.label,
                    conditions=conditions,
                    throughput=level.throughput.mean,
                    p95_ms=level.ready_ms.p95,
                    p95_low=level.ready_ms.p95_over_trials.low,
                    p95_high=level.ready_ms.p95_over_trials.high,
                )


def _conditions(arm: Arm, level: Level, step: Step) -> Conditions:
    return Conditions(
        architecture=arm.architecture,
        replicas={name.rpartition("-")[2]: number for name, number in arm.replicas.items()},
        work_cpu_ms=arm.work_cpu_ms,
        stub_ms=arm.stub_latency_ms,
        users=level.users,
        rate=level.rate,
        warm_up_seconds=step.warm_up_seconds,
        window_seconds=_window_seconds(level),
    )
