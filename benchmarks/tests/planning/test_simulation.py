"""The simulation gives what queueing theory gives, by a seed, and loses nothing."""

import pytest

from benchmarks.planning.trial import simulate
from benchmarks.tests.planning.made_up import conditions, times


def test_one_user_has_the_core_alone() -> None:
    found = simulate(conditions(), times(worker=100.0))
    assert found.throughput == pytest.approx(10.0, rel=0.03)
    assert found.p95_ms == pytest.approx(100.0)
    assert found.cores == pytest.approx(1.0, rel=0.03)


def test_users_share_what_a_worker_carries() -> None:
    """N users in a closed queue without think time wait N times as long: Little's law."""
    found = simulate(conditions(users=8), times(worker=100.0))
    assert found.throughput == pytest.approx(10.0, rel=0.03)
    assert found.p95_ms == pytest.approx(800.0, rel=0.01)


def test_workers_that_wait_carry_the_more_the_more_they_are() -> None:
    few = simulate(conditions(users=8, stub_ms=200.0), times(web=1.0))
    many = simulate(conditions(users=8, stub_ms=200.0, replicas={"worker": 4}), times(web=1.0))
    assert few.throughput == pytest.approx(5.0, rel=0.03)
    assert many.throughput == pytest.approx(20.0, rel=0.03)


def test_more_workers_on_one_core_carry_no_more() -> None:
    found = simulate(conditions(users=8, replicas={"worker": 4}), times(worker=100.0))
    assert found.throughput == pytest.approx(10.0, rel=0.03)


def test_arrivals_at_a_rate_wait_as_in_an_m_d_1_queue() -> None:
    """At a utilisation of a half the mean wait is half a service time (Pollaczek-Khinchine).

    The 95th percentile of such a queue is 2.8 to 3.2 service times (Tijms, 2003, section 9.2).
    """
    given = conditions(users=0, rate=5.0, warm_up_seconds=20.0, window_seconds=300.0)
    found = simulate(given, times(worker=100.0))
    assert found.throughput == pytest.approx(5.0, rel=0.05)
    assert found.cores == pytest.approx(0.5, rel=0.05)
    assert 250.0 <= found.p95_ms <= 350.0


def test_a_recognizer_of_another_cost_replaces_the_search() -> None:
    found = simulate(conditions(work_cpu_ms=50.0), times(worker=100.0))
    assert found.throughput == pytest.approx(20.0, rel=0.03)


@pytest.mark.parametrize("architecture", ["monolith", "microservices"])
def test_the_same_seed_gives_the_same_figures(architecture: str) -> None:
    given = conditions(architecture=architecture, users=4, replicas={"worker": 2})
    measured = times(web=5.0, worker=60.0, consumer=6.0, postgres=4.0, valkey=1.0)
    assert simulate(given, measured) == simulate(given, measured)


def test_a_consumer_is_on_the_way_of_the_services_alone() -> None:
    given = times(consumer=50.0)
    services = simulate(conditions(architecture="microservices"), given)
    assert services.throughput == pytest.approx(20.0, rel=0.1)
