"""Processes share the cores equally, and a process's jobs divide its share."""

import pytest
from simpy import Environment

from benchmarks.planning.machine import Machine


def ends(cores: int, *jobs: tuple[float, str, float]) -> list[float]:
    """Return when each job (start, process, CPU-ms) ends on a machine."""
    environment = Environment()
    machine = Machine(environment, cores)
    found = [0.0] * len(jobs)

    def run(number: int, start: float, process: str, cpu_ms: float):  # type: ignore[no-untyped-def]
        yield environment.timeout(start)
        yield machine.compute(process, cpu_ms)
        found[number] = environment.now

    for number, job in enumerate(jobs):
        environment.process(run(number, *job))
    environment.run()
    assert machine.busy_ms == pytest.approx(sum(cpu_ms for _, _, cpu_ms in jobs))
    return found


def test_alone_a_job_takes_its_cpu_time() -> None:
    assert ends(1, (5.0, "web", 10.0)) == pytest.approx([15.0])


def test_two_processes_have_half_a_core_each() -> None:
    assert ends(1, (0.0, "web", 10.0), (0.0, "worker", 10.0)) == pytest.approx([20.0, 20.0])


def test_what_is_left_alone_goes_on_at_full_speed() -> None:
    assert ends(1, (0.0, "web", 10.0), (0.0, "worker", 30.0)) == pytest.approx([20.0, 40.0])


def test_one_that_comes_later_takes_its_share_from_then_on() -> None:
    assert ends(1, (0.0, "web", 20.0), (10.0, "worker", 5.0)) == pytest.approx([25.0, 20.0])


def test_the_jobs_of_a_process_divide_its_share() -> None:
    found = ends(1, (0.0, "web", 10.0), (0.0, "web", 10.0), (0.0, "worker", 20.0))
    assert found == pytest.approx([40.0, 40.0, 40.0])


def test_a_process_computes_on_one_core_at_most() -> None:
    found = ends(4, (0.0, "web", 10.0), (0.0, "web", 10.0), (0.0, "worker", 10.0))
    assert found == pytest.approx([20.0, 20.0, 10.0])


def test_more_processes_than_cores_share_them() -> None:
    found = ends(2, *((0.0, name, 10.0) for name in ("a", "b", "c", "d")))
    assert found == pytest.approx([20.0] * 4)


@pytest.mark.timeout(20)
def test_after_a_long_time_a_job_still_ends() -> None:
    """A double near 10^9 ms is rounded to 10^-7 ms, which is more than a rest that counts as 0."""
    found = ends(1, (1e9, "web", 1 / 3), (1e9 + 0.1, "worker", 1 / 7), (1e9 + 0.2, "web", 0.7))
    assert max(found) == pytest.approx(1e9 + 1 / 3 + 1 / 7 + 0.7, abs=1e-5)


def test_nothing_to_compute_takes_no_time() -> None:
    assert ends(1, (3.0, "web", 0.0)) == pytest.approx([3.0])
