"""Idle cores are those of the last seconds, by the kernel's own figures."""

import os
import time
from pathlib import Path

import idle_cores
import pytest
from idle_cores import TICKS_PER_SECOND, WINDOW_SECONDS, IdleCores


class Machine:
    """A file like /proc/stat, and a clock that goes on with it."""

    def __init__(self, stat: Path) -> None:
        self.stat, self.now, self._idle, self._disk = stat, 1000.0, 50.0, 5.0
        self.go_on(0.0, idle=0.0)

    def go_on(self, seconds: float, *, idle: float, disk: float = 0.0) -> None:
        """Let time pass, with so many cores idle and so many waiting for a disk."""
        self.now += seconds
        self._idle += idle * seconds
        self._disk += disk * seconds
        ticks = [round(it * TICKS_PER_SECOND) for it in (7, 0, 3, self._idle, self._disk, 9, 0)]
        self.stat.write_text(f"cpu  {' '.join(map(str, ticks))}\ncpu0 1 2 3 4 5 6\n")

    def clock(self) -> float:
        return self.now


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "stat")


def test_idle_cores_are_counted_with_those_that_wait_for_a_disk(machine: Machine) -> None:
    idle = IdleCores(machine.stat, machine.clock)
    machine.go_on(WINDOW_SECONDS, idle=0.5, disk=0.25)
    assert idle.measure() == pytest.approx(0.75, abs=0.01)


def test_a_window_that_is_too_short_counts_as_busy(machine: Machine) -> None:
    idle = IdleCores(machine.stat, machine.clock)
    machine.go_on(WINDOW_SECONDS - 1, idle=2)
    assert idle.measure() == 0
    machine.go_on(1, idle=2)
    assert idle.measure() == pytest.approx(2, abs=0.01)
    idle.restart()
    machine.go_on(WINDOW_SECONDS - 1, idle=2)
    assert idle.measure() == 0


def test_what_was_idle_before_the_window_does_not_count(machine: Machine) -> None:
    idle = IdleCores(machine.stat, machine.clock)
    for cores in (2.0, 0.25):
        for _ in range(round(WINDOW_SECONDS)):
            machine.go_on(1, idle=cores)
            measured = idle.measure()
        assert measured == pytest.approx(cores, abs=0.01)


@pytest.mark.parametrize("text", ["", "cpu  1 2", "cpu  a b c d e f"])
def test_figures_that_cannot_be_read_count_as_busy(machine: Machine, text: str) -> None:
    idle = IdleCores(machine.stat, machine.clock)
    machine.go_on(WINDOW_SECONDS, idle=2)
    machine.stat.write_text(text)
    assert idle.measure() == 0
    machine.stat.unlink()
    assert idle.measure() == 0


def test_this_machine_has_no_more_idle_cores_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle_cores, "WINDOW_SECONDS", 0.5)
    idle = IdleCores()
    time.sleep(0.5)
    # The kernel counts in hundredths of a second.
    assert 0 <= idle.measure() <= 1.1 * (os.cpu_count() or 1)
