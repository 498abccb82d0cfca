"""The plan agrees with the measured machine scaled by hand, and with its own arithmetic."""

import dataclasses

import msgspec
import pytest

from benchmarks.cost.prices import AWS, read_prices
from benchmarks.planning.document import ArchitecturePlan, LoadPlan, PlanDocument
from benchmarks.planning.errors import PlanningError
from benchmarks.planning.limits import CONNECTIONS, POOL_SIZE, connections_of
from benchmarks.planning.plan import checked, plan
from benchmarks.planning.run import LOADS
from benchmarks.planning.sources import REFERENCE, Sources
from benchmarks.repository import REPOSITORY

MANY = 1e7
SIDES = ("monolith", "microservices")
MEASURES = (
    *("connections", "database_vcpus", "cache_vcpus", "rows_written", "statements", "read_share"),
    *("broker_commands", "p50_ms", "worker_busy"),
)
WEB_SETTINGS = {
    "monolith": REPOSITORY / "monolith" / "config" / "asgi.py",
    "microservices": REPOSITORY / "microservices" / "submissions" / "config" / "asgi.py",
}


@pytest.fixture(scope="module")
def planned(sources: Sources) -> LoadPlan:
    return plan(sources, read_prices(AWS), MANY)


def side(found: LoadPlan, name: str) -> ArchitecturePlan:
    """Return one architecture's plan."""
    (one,) = (one for one in found.architectures if one.architecture == name)
    return one


@pytest.mark.parametrize("name", SIDES)
def test_ten_million_a_day_agree_with_one_measured_machine_scaled_by_hand(
    sources: Sources, planned: LoadPlan, committed: PlanDocument, name: str
) -> None:
    """10 000 000 ÷ 86 400 s = 115.74/s; 3 times that at the peak; cores are used to 60 %."""
    needed = 10_000_000 / 86_400 * 3 / 0.6
    measured = sources.load_arm(name).capacity
    assert measured is not None
    by_hand = needed / measured
    check = side(planned, name).hand_check
    assert check.cores_by_hand == pytest.approx(by_hand)
    error = committed.validation.stated_error[name]
    assert error < 0.10
    assert abs(check.cores_planned / by_hand - 1) <= error


@pytest.mark.parametrize("name", SIDES)
def test_the_plan_is_the_committed_one(
    planned: LoadPlan, committed: PlanDocument, name: str
) -> None:
    (known,) = (it for it in committed.plans if it.per_day == MANY)
    now, then = side(planned, name), side(known, name)
    assert now.processes == then.processes
    assert now.p95_ms == pytest.approx(then.p95_ms, rel=1e-6)
    assert now.dollars_a_month == pytest.approx(then.dollars_a_month)
    for measure in MEASURES:
        assert getattr(now, measure) == pytest.approx(getattr(then, measure), rel=1e-6), measure
    first, second = ({it.name: it.per_second for it in row.limits} for row in (now, then))
    assert first == pytest.approx(second)
    assert [it.per_day for it in committed.plans] == list(LOADS)


@pytest.mark.parametrize("name", SIDES)
def test_rates_are_a_submission_s_operations_at_the_peak(
    sources: Sources, planned: LoadPlan, name: str
) -> None:
    found, operations = side(planned, name), sources.counts.architectures[name].submission
    peak = planned.peak_per_second
    assert found.messages == pytest.approx(peak * operations.messages)
    assert found.store_requests == pytest.approx(peak * sum(operations.s3.values()))
    assert found.rows_written < found.statements
    assert 0 < found.read_share < 1


@pytest.mark.parametrize("name", SIDES)
def test_workers_are_used_as_far_as_stated(planned: LoadPlan, name: str) -> None:
    assert side(planned, name).worker_busy == pytest.approx(0.6, abs=0.1)


@pytest.mark.parametrize("name", SIDES)
def test_the_first_limit_comes_first_and_parts_hold_the_peak(
    committed: PlanDocument, name: str
) -> None:
    for load in committed.plans:
        found = side(load, name).limits
        assert [it.per_second for it in found] == sorted(it.per_second for it in found)
        for limit in found:
            assert (limit.parts - 1) * limit.per_second < load.peak_per_second
            assert load.peak_per_second <= limit.parts * limit.per_second


def test_more_submissions_need_no_less_of_anything(committed: PlanDocument) -> None:
    for name in SIDES:
        rows = [side(load, name) for load in committed.plans]
        for measure in ("connections", "dollars_a_month", "messages", "database_vcpus"):
            values = [getattr(row, measure) for row in rows]
            assert values == sorted(values)


@pytest.mark.parametrize("name", SIDES)
def test_a_web_process_has_the_pool_that_its_code_gives_it(name: str) -> None:
    text = WEB_SETTINGS[name].read_text(encoding="utf-8")
    assert f'setdefault("DATABASE_POOL_SIZE", "{POOL_SIZE}")' in text
    assert CONNECTIONS[name]["web"] == POOL_SIZE


def test_processes_without_a_database_hold_no_connection() -> None:
    assert connections_of("microservices", "accounts-web") == 0
    assert connections_of("microservices", "recognition-worker") == 0
    assert connections_of("monolith", "monolith-worker") == 1


@pytest.mark.parametrize("per_day", [0.0, -1.0, 99.0, 1e30, float("inf"), float("nan")])
def test_a_load_that_can_t_be_planned(per_day: float) -> None:
    with pytest.raises(PlanningError, match="can't be planned: use 100 to 1e"):
        checked(per_day)


def test_a_run_without_a_capacity_can_t_be_scaled_by_hand(sources: Sources) -> None:
    run = sources.runs[REFERENCE]
    arms = [
        msgspec.structs.replace(
            sweep, arms=[msgspec.structs.replace(arm, capacity=None) for arm in sweep.arms]
        )
        for sweep in run.sweeps
    ]
    without = dataclasses.replace(
        sources, runs={**sources.runs, REFERENCE: msgspec.structs.replace(run, sweeps=arms)}
    )
    with pytest.raises(PlanningError, match="measured no capacity of monolith"):
        plan(without, read_prices(AWS), 1e5)
