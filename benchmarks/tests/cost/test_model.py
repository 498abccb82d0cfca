"""The cost of a deployment, item by item, against arithmetic by hand."""

import dataclasses

import numpy as np
import pytest
from msgspec import structs

from benchmarks.cost import around, function, processes
from benchmarks.cost.crossings import find_crossing
from benchmarks.cost.deployment import Platform
from benchmarks.cost.loads import GRID
from benchmarks.cost.model import monthly, total
from benchmarks.cost.prices import NAMES
from benchmarks.cost.sizing import Values
from benchmarks.tests.cost.made_up import inputs, prices

DAYS = 365 / 12
SECOND = np.array([86_400.0])  # submissions a day: one a second
NONE = np.array([0.0])


def item(name: str, per_day: Values, platform: Platform = Platform.FARGATE) -> float:
    return float(monthly(inputs(), platform, per_day)[name][0])


def tasks(process_type: str, peak: float, **assumed: float) -> float:
    return float(processes.tasks(inputs(**assumed), process_type, np.array([peak]))[0])


def test_without_a_submission_two_of_the_smallest_tasks_are_paid() -> None:
    # 0.25 vCPU, 0.5 GB and an address: 0.25 x 0.04048 + 0.5 x 0.004445 + 0.005 = 0.0173425
    assert tasks("app-web", 0) == pytest.approx(2 * 0.0173425)
    assert tasks("app-worker", 0) == pytest.approx(2 * 0.0173425)
    assert tasks("app-web", 0, fewest_replicas=1) == pytest.approx(0.0173425)


def test_a_sweeper_is_one_task_at_any_load() -> None:
    assert tasks("app-sweeper", 0) == tasks("app-sweeper", 1e4) == pytest.approx(0.0173425)


def test_the_cheapest_size_of_tasks_is_taken() -> None:
    # A quarter of a vCPU carries 0.6 x 0.25 / 0.010 = 15 a second; 40 need three.
    assert tasks("app-web", 40) == pytest.approx(3 * 0.0173425)
    # 100 need seven of these (0.1214), or two of a whole vCPU, which carry 60 each (0.10874).
    assert tasks("app-web", 100) == pytest.approx(2 * (0.04048 + 2 * 0.004445 + 0.005))


def test_a_worker_waits_for_the_store_and_more_of_them_share_a_task() -> None:
    given = inputs()
    # One on a quarter of a vCPU: 50 ms take 200, and three requests to the store take 90.
    one = processes.carried(given, "app-worker", vcpus=0.25, processes=1)
    assert one == pytest.approx(1 / 0.290)
    # Six on one vCPU: enough to keep it busy.
    six = processes.carried(given, "app-worker", vcpus=1, processes=6)
    assert six == pytest.approx(1 / 0.050)
    # A web process doesn't wait for the store.
    web = processes.carried(given, "app-web", vcpus=1, processes=1)
    assert web == pytest.approx(1 / 0.010)


def test_tasks_of_a_set_size_at_least() -> None:
    whole = 0.04048 + 2 * 0.004445 + 0.005
    assert tasks("app-web", 0, least_task_vcpus=1) == pytest.approx(2 * whole)


def test_tasks_without_public_addresses_go_through_a_gateway() -> None:
    assert tasks("app-web", 0, public_addresses=0) == pytest.approx(2 * 0.0123425)
    with_gateway = inputs(public_addresses=0, nat_gateways=1)
    network = monthly(with_gateway, Platform.FARGATE, NONE)["network"]
    assert float(network[0]) == pytest.approx(0.045 * 730)
    assert item("network", NONE) == 0


def test_instances_hold_all_processes() -> None:
    # Two t3.small, each with a disk of 20 GB and an address.
    hourly = 2 * (0.0208 + 0.005 + 20 * 0.08 / 730)
    assert item("instances", NONE, Platform.EC2) == pytest.approx(hourly * 730)
    names = monthly(inputs(), Platform.EC2, NONE)
    assert not any(name.startswith("app-") for name in names)


def test_many_submissions_take_more_instances() -> None:
    # At 10 000 000 a day the peak is 347.2 a second: x 60.2 ms / 0.6 = 34.8 vCPUs, 18 c7i.large.
    few = item("instances", NONE, Platform.EC2)
    many = item("instances", np.array([1e7]), Platform.EC2)
    assert many == pytest.approx(18 * (0.08925 + 0.005 + 20 * 0.08 / 730) * 730)
    assert many > few


def test_the_function() -> None:
    given = inputs()
    assert function.memory_mb(given) == 384  # 200 MiB x 1.5 in steps of 128
    # 50 ms on 384/1769 of a vCPU, 4 ms of overhead, 90 ms of waiting
    seconds = 50 / (384 / 1769) / 1000 + 0.004 + 0.090
    assert function.call_seconds(given, Platform.LAMBDA_X86) == pytest.approx(seconds)
    billed = (seconds + 0.01 * 1.1) * 384 / 1024
    x86 = float(function.monthly(given, Platform.LAMBDA_X86, np.array([1e6]))[0])
    assert x86 == pytest.approx(1e6 * billed * 0.0000166667 + 0.20)
    arm = float(function.monthly(given, Platform.LAMBDA_ARM, np.array([1e6]))[0])
    assert arm == pytest.approx(1e6 * billed * 0.0000133334 + 0.20)


def test_a_slower_arm_is_billed_for_longer() -> None:
    given = inputs(arm_speed=0.5)
    assert function.call_seconds(given, Platform.LAMBDA_ARM) == pytest.approx(
        2 * 50 / (384 / 1769) / 1000 + 0.094
    )
    assert function.call_seconds(given, Platform.LAMBDA_X86) < 0.33


def test_a_measured_call_replaces_the_worker_s_time_and_the_overhead() -> None:
    measured = dataclasses.replace(inputs(), function_ms=60.0)
    seconds = 60 / (384 / 1769) / 1000 + 0.090
    assert function.call_seconds(measured, Platform.LAMBDA_X86) == pytest.approx(seconds)


def test_a_function_with_a_whole_vcpu_has_no_more() -> None:
    given = inputs(function_least_mb=3538)
    assert function.memory_mb(given) == 3538
    assert function.call_seconds(given, Platform.LAMBDA_X86) == pytest.approx(0.050 + 0.094)


def test_the_free_tier_is_taken_off() -> None:
    given = inputs(free_requests=1e6, free_gb_seconds=4e5)
    assert float(function.monthly(given, Platform.LAMBDA_X86, np.array([1e6]))[0]) == 0
    beyond = float(function.monthly(given, Platform.LAMBDA_X86, np.array([1e8]))[0])
    whole = float(function.monthly(inputs(), Platform.LAMBDA_X86, np.array([1e8]))[0])
    assert whole - beyond == pytest.approx(4e5 * 0.0000166667 + 0.20)


def test_the_queue_is_polled_also_without_messages() -> None:
    assert item("queue", NONE, Platform.LAMBDA_ARM) == pytest.approx(657_000 * 0.40 / 1e6)
    month = 86_400 * DAYS
    expected = (3 * month + 657_000) * 0.40 / 1e6
    assert item("queue", SECOND, Platform.LAMBDA_ARM) == pytest.approx(expected)


def test_a_function_replaces_the_worker_and_nothing_else() -> None:
    with_workers = monthly(inputs(), Platform.FARGATE, SECOND)
    with_functions = monthly(inputs(), Platform.LAMBDA_X86, SECOND)
    assert set(with_workers) - set(with_functions) == {"app-worker"}
    assert set(with_functions) - set(with_workers) == {"function", "queue"}
    for name in set(with_workers) & set(with_functions):
        assert with_workers[name] == with_functions[name], name


def test_the_object_store() -> None:
    # Three writes, two reads, a DELETE that is free; 86 400 x 30 x 100 kB are kept.
    requests = 86_400 * DAYS * (3 * 0.005 + 2 * 0.0004) / 1000
    kept = 86_400 * 30 * 100_000 / 1e9 * 0.023
    assert item("object store", SECOND) == pytest.approx(requests + kept)


def test_the_accounts_table_is_read_by_sign_ins_and_written_by_sign_ups() -> None:
    month = 86_400 * DAYS
    expected = month * (0.1 * 1 * 0.125 + 0.01 * 4 * 0.625) / 1e6
    assert item("accounts table", SECOND) == pytest.approx(expected)


def test_the_load_balancer_is_paid_by_what_it_carries_most_of() -> None:
    # 72 kB a second are 0.2592 GB an hour; one new connection a second is 1/25 of a unit.
    assert item("load balancer", NONE) == pytest.approx(0.0225 * 730)
    assert item("load balancer", SECOND) == pytest.approx((0.0225 + 0.2592 * 0.008) * 730)
    busy = around.monthly(inputs(connections=25), SECOND, SECOND)["load balancer"]
    assert float(busy[0]) == pytest.approx((0.0225 + 0.008) * 730)


def test_bytes_out() -> None:
    assert item("data out", SECOND) == pytest.approx(86_400 * DAYS * 2_000 / 1e9 * 0.09)


def test_the_database_has_a_standby_and_grows_by_classes() -> None:
    disk = 20 * 0.115
    assert item("database", NONE) == pytest.approx(2 * (0.016 * 730 + disk))
    # A peak of 100 a second: x 5 ms / 0.6 = 0.83 vCPUs, more than the largest burstable class.
    needed = np.array([100 / 3 * 86_400])
    held = 100 / 3 * 86_400 * 30 * 1_000 / 1e9 * 0.115
    assert item("database", needed) == pytest.approx(2 * (0.168 * 730 + held))
    between = 0.032 + (0.5 / 0.6 - 0.4) / (2 - 0.4) * (0.168 - 0.032)
    interpolated = monthly(inputs(whole=0), Platform.FARGATE, needed)["database"]
    assert float(interpolated[0]) == pytest.approx(2 * (between * 730 + held))


def test_the_cache_has_a_replica() -> None:
    assert item("cache", NONE) == pytest.approx(2 * 0.0128 * 730)


def test_sign_ins_take_cpu_of_the_process_that_serves_them() -> None:
    given = inputs(sign_ins=0.5)
    counted = given.usage.counts
    sign_in = structs.replace(counted.sign_in, cpu_ms={"app-web": 30.0})
    usage = dataclasses.replace(given.usage, counts=structs.replace(counted, sign_in=sign_in))
    with_cpu = dataclasses.replace(given, usage=usage)
    assert with_cpu.cpu_ms("app-web") == pytest.approx(10 + 0.5 * 30)
    assert with_cpu.cpu_ms("app-worker") == pytest.approx(50.0)


def test_a_faster_vcpu_takes_less() -> None:
    assert inputs(vcpu_speed=2).cpu_ms("app-worker") == pytest.approx(25.0)


@pytest.mark.parametrize("platform", Platform)
def test_the_total_is_the_sum_of_all_items(platform: Platform) -> None:
    items = monthly(inputs(), platform, GRID)
    assert np.allclose(total(inputs(), platform, GRID), sum(items.values()))
    assert all((values >= 0).all() for values in items.values())


@pytest.mark.parametrize("platform", Platform)
def test_no_item_falls_with_more_submissions(platform: Platform) -> None:
    for name, values in monthly(inputs(), platform, GRID).items():
        assert (np.diff(values) >= -1e-9).all(), name


def test_one_changed_price_changes_the_bill_by_the_arithmetic() -> None:
    dearer = inputs(prices(lambda_requests=0.50 / 1e6))
    before = total(inputs(), Platform.LAMBDA_X86, SECOND)
    after = total(dearer, Platform.LAMBDA_X86, SECOND)
    assert float((after - before)[0]) == pytest.approx(86_400 * DAYS * 0.30 / 1e6)
    same = total(dearer, Platform.FARGATE, SECOND)
    assert same == pytest.approx(total(inputs(), Platform.FARGATE, SECOND))


@pytest.mark.parametrize(("dollars_a_call", "crossing"), [(1e-5, 48_000), (2e-5, 24_000)])
def test_one_changed_price_moves_the_crossing_by_the_arithmetic(
    dollars_a_call: float, crossing: float
) -> None:
    """Two workers of a quarter of a vCPU cost 2 x 0.25 x $0.04 = $0.02 an hour, $0.48 a day.

    They carry 2 x 0.6 x 0.25 / 0.050 = 6 a second at the peak, 172 800 a day at a third of it.
    Below that, calls of $0.00001 cost as much at 48 000 a day, and of $0.00002 at 24 000.
    """
    free = dict.fromkeys(NAMES, 0.0)
    given = prices(**{**free, "fargate_vcpu_hours": 0.04, "lambda_requests": dollars_a_call})
    nothing = [dataclasses.replace(it, dollars=0.0) for it in given.databases]
    caches = [dataclasses.replace(it, dollars=0.0) for it in given.caches]
    only = inputs(
        dataclasses.replace(given, databases=nothing, caches=caches), store_wait_ms=0, whole=0
    )

    def curves(_: tuple[int, ...]) -> tuple[Values, Values]:
        return total(only, Platform.FARGATE, GRID), total(only, Platform.LAMBDA_X86, GRID)

    found = find_crossing(GRID, curves, 1).found
    assert found.at == pytest.approx(crossing, rel=0.005)
    assert (found.cheaper_below, found.cheaper_above) == (1, 0)
    assert found.changes == 1
