"""A point is within the tolerance or not; the committed document is what the code gives."""

import pytest
from msgspec.structs import replace

from benchmarks.planning.calibration import load_factor
from benchmarks.planning.document import PlanDocument
from benchmarks.planning.points import Point, points
from benchmarks.planning.sources import FITTED, SECOND, Sources
from benchmarks.planning.trial import Outcome, simulate
from benchmarks.planning.validation import compared, is_plain, repeated, stated_error
from benchmarks.results_model.sweeps import LoadSweep
from benchmarks.tests.planning.made_up import conditions

AS_COMMITTED = 1e-6  # another processor may round otherwise


def point(throughput: float = 10.0, p95_ms: float | None = 100.0, **changed: object) -> Point:
    """Return a measured point."""
    return Point(
        "run", "load", "monolith", "1 user", conditions(**changed), throughput, p95_ms, 90.0, 150.0
    )


@pytest.mark.parametrize(
    ("throughput", "p95_ms", "within"),
    [
        (10.9, 124.0, (True, True)),
        (11.1, 100.0, (False, True)),
        (8.9, 100.0, (False, True)),
        (10.0, 126.0, (True, False)),
        (10.0, 74.0, (True, False)),
    ],
)
def test_a_point_is_within_both_tolerances_or_not(
    throughput: float, p95_ms: float, within: tuple[bool, bool]
) -> None:
    found = compared(point(), Outcome(throughput, p95_ms, 1.0))
    assert (found.is_throughput_within, found.is_p95_within) == within
    assert found.is_in_interval is (90.0 <= p95_ms <= 150.0)


def test_a_percentile_of_too_few_is_not_compared() -> None:
    found = compared(point(p95_ms=None), Outcome(10.0, 100.0, 1.0))
    assert (found.p95_error, found.is_p95_within) == (None, None)


def test_the_stated_error_is_of_plain_points() -> None:
    plain, other = point(), point(replicas={"worker": 4})
    assert is_plain(plain)
    assert not is_plain(other)
    far = compared(plain, Outcome(10.7, 100.0, 1.0))
    assert stated_error([far], [plain]) == {"monolith": pytest.approx(0.07)}
    assert stated_error([far], [other]) == {}


def test_no_point_is_of_the_run_that_was_fitted(committed: PlanDocument) -> None:
    runs = {it.run for it in committed.validation.points}
    assert FITTED not in runs
    assert SECOND in runs


def test_every_point_of_the_other_runs_is_compared(
    sources: Sources, committed: PlanDocument
) -> None:
    measured = [
        (it.run, it.sweep, it.arm, it.label, it.throughput)
        for name, run in sources.runs.items()
        if name != FITTED
        for it in points(name, run)
    ]
    assert measured == [
        (it.run, it.sweep, it.arm, it.label, it.throughput) for it in committed.validation.points
    ]


def test_the_committed_points_are_what_the_code_gives(
    sources: Sources, committed: PlanDocument
) -> None:
    """Every fifteenth point; a slow test compares all."""
    check(sources, committed, every=15)


@pytest.mark.slow
def test_all_the_committed_points_are_what_the_code_gives(
    sources: Sources, committed: PlanDocument
) -> None:
    check(sources, committed, every=1)


def check(sources: Sources, committed: PlanDocument, *, every: int) -> None:
    """Simulate some of the points again."""
    measured = [
        it for name, run in sources.runs.items() if name != FITTED for it in points(name, run)
    ]
    for one, known in list(zip(measured, committed.validation.points, strict=True))[::every]:
        times = sources.times_in(one.run)[one.conditions.architecture]
        found = simulate(one.conditions, times)
        assert found.throughput == pytest.approx(known.modelled_throughput, rel=AS_COMMITTED)
        assert found.p95_ms == pytest.approx(known.modelled_p95_ms, rel=AS_COMMITTED)


def test_levels_of_two_runs_are_set_side_by_side() -> None:
    (found,) = repeated([point(p95_ms=100.0)], [point(p95_ms=150.0)])
    assert found.difference == pytest.approx(0.5)


def test_the_load_factor_is_fitted_on_cpu_time_alone(
    sources: Sources, committed: PlanDocument
) -> None:
    assert committed.validation.load_factor == pytest.approx(sources.load_factor)
    run = sources.runs[FITTED]
    sweeps = [
        replace(it, arms=[replace(arm, levels=[], capacity=None) for arm in it.arms])
        if isinstance(it, LoadSweep)
        else it
        for it in run.sweeps
    ]
    assert load_factor(sources.times, replace(run, sweeps=sweeps)) == sources.load_factor
