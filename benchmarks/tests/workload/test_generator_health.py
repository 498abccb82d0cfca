"""The generator's health, on clocks that are set by hand."""

from dataclasses import dataclass

import gevent
import pytest

from benchmarks.workload.generator_health import TICK_SECONDS, GeneratorHealth


@dataclass
class SetClock:
    """Stands still, until it is set."""

    now: float = 1000.0
    wall: float = 1_700_000_000.0
    cpu: float = 5.0
    read_seconds: float = 0.0  # how long a look at the wall clock takes

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        self.now += self.read_seconds
        return self.wall

    def process_time(self) -> float:
        return self.cpu

    def run(self, seconds: float) -> None:
        self.now += seconds
        self.wall += seconds


def test_a_wall_clock_that_was_set_is_reported() -> None:
    clock = SetClock()
    health = GeneratorHealth(clock)
    health.compare_clocks()
    clock.run(10)
    health.compare_clocks()
    assert health.wall_drift_ms == pytest.approx(0, abs=0.01)
    clock.wall -= 2.5
    health.compare_clocks()
    assert health.wall_drift_ms == pytest.approx(2500, abs=0.01)
    clock.wall += 3.0
    health.compare_clocks()
    assert health.wall_drift_ms == pytest.approx(2500, abs=0.01), "the largest change stays"


def test_it_looks_at_the_clocks_by_itself() -> None:
    clock = SetClock()
    health = GeneratorHealth(clock)
    health.run()
    try:
        for _ in range(3):
            clock.run(TICK_SECONDS)
            gevent.sleep(0.03)
        assert health.wall_drift_ms == pytest.approx(0, abs=0.01)
        clock.wall += 1
        clock.run(TICK_SECONDS)
        gevent.sleep(0.03)
        assert health.wall_drift_ms == pytest.approx(1000, abs=0.01)
    finally:
        health.stop()


def test_a_pause_between_two_looks_is_not_taken_for_a_drift() -> None:
    clock = SetClock()
    health = GeneratorHealth(clock)
    health.compare_clocks()
    clock.read_seconds = 1.5
    health.compare_clocks()
    assert health.wall_drift_ms == 0


def test_a_stretch_has_its_own_cpu_and_lag() -> None:
    clock = SetClock()
    health = GeneratorHealth(clock)
    health.run()
    try:
        gevent.sleep(0)
        clock.cpu += 3
        health.start()
        clock.run(TICK_SECONDS + 0.5)
        clock.cpu += 0.13
        gevent.sleep(0.05)
        reading = health.read()
    finally:
        health.stop()
    assert reading.cpu_ms == pytest.approx(130)
    assert reading.cpu_share == pytest.approx(0.13 / (TICK_SECONDS + 0.5))
    assert reading.lag_max_ms == pytest.approx(500)


def test_a_stall_at_the_very_end_of_a_stretch_belongs_to_it() -> None:
    clock = SetClock()
    health = GeneratorHealth(clock)
    health.run()
    health.start()
    clock.run(TICK_SECONDS + 1.5)  # and no greenlet has run since
    assert health.read().lag_max_ms == pytest.approx(1500)
    health.stop()
