"""The validation: the simulation beside each point of the runs that it wasn't fitted on."""

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.planning.document import RepeatedLevel, ValidatedPoint
from benchmarks.planning.points import Point
from benchmarks.planning.service_times import ServiceTimes
from benchmarks.planning.trial import Outcome, simulate

THROUGHPUT_TOLERANCE, P95_TOLERANCE = 0.10, 0.25


def validated(points: Iterable[Point], times: Mapping[str, ServiceTimes]) -> list[ValidatedPoint]:
    """Simulate each point with its architecture's times on the run's machine, and compare."""
    return [
        compared(point, simulate(point.conditions, times[point.conditions.architecture]))
        for point in points
    ]


def compared(point: Point, outcome: Outcome) -> ValidatedPoint:
    """Return a measured point beside what was simulated."""
    throughput_error = outcome.throughput / point.throughput - 1
    p95_error = None if point.p95_ms is None else outcome.p95_ms / point.p95_ms - 1
    has_interval = point.p95_low is not None and point.p95_high is not None
    return ValidatedPoint(
        run=point.run,
        sweep=point.sweep,
        arm=point.arm,
        architecture=point.conditions.architecture,
        label=point.label,
        is_closed=point.conditions.is_closed,
        throughput=point.throughput,
        modelled_throughput=outcome.throughput,
        throughput_error=throughput_error,
        is_throughput_within=abs(throughput_error) <= THROUGHPUT_TOLERANCE,
        p95_ms=point.p95_ms,
        modelled_p95_ms=outcome.p95_ms,
        p95_error=p95_error,
        is_p95_within=None if p95_error is None else abs(p95_error) <= P95_TOLERANCE,
        is_in_interval=(
            (point.p95_low or 0.0) <= outcome.p95_ms <= (point.p95_high or 0.0)
            if has_interval
            else None
        ),
    )


def stated_error(points: Sequence[ValidatedPoint], plain: Sequence[Point]) -> dict[str, float]:
    """Return the largest error of throughput by architecture, over the plain ones of the points.

    Plain is what the plan scales: one process of each type, and the real recognizer.
    """
    keys = {_key(point) for point in plain if is_plain(point)}
    found: dict[str, float] = {}
    for point in points:
        if _key(point) in keys:
            largest = max(found.get(point.architecture, 0.0), abs(point.throughput_error))
            found[point.architecture] = largest
    return found


def is_plain(point: Point) -> bool:
    """Return whether one process of each type ran with the real recognizer."""
    given = point.conditions
    return not given.replicas and given.work_cpu_ms is None and given.stub_ms is None


def repeated(first: Sequence[Point], second: Sequence[Point]) -> list[RepeatedLevel]:
    """Return the p95 of the levels of two runs with the same sweeps, side by side."""
    return [
        RepeatedLevel(
            architecture=one.conditions.architecture,
            label=one.label,
            first_ms=one.p95_ms,
            second_ms=other.p95_ms,
            difference=other.p95_ms / one.p95_ms - 1,
        )
        for one, other in zip(first, second, strict=True)
        if one.p95_ms is not None and other.p95_ms is not None
    ]


def _key(point: Point | ValidatedPoint) -> tuple[str, str, str, str]:
    return (point.run, point.sweep, point.arm, point.label)
