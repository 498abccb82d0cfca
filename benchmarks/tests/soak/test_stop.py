"""A soak ends when it is interrupted, when its load has ended, and when another one fails."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from backing import StartError
from benchmarks.commands.soak import run_together
from benchmarks.soak.readings import Reading
from benchmarks.soak.run import Soak, follow
from process_control.command_runner import StoppedError

HOURS = 36_000.0


@pytest.fixture
def endless() -> Iterator["subprocess.Popen[bytes]"]:
    """A load that doesn't end by itself."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(36_000)"])
    yield process
    process.kill()
    process.wait()


def reading(seconds: float) -> Reading:
    return Reading(seconds, (), 0, 0, 0)


def test_a_load_that_ends_at_once_is_not_waited_for() -> None:
    failed = subprocess.Popen([sys.executable, "-c", "import sys; sys.exit(3)"])
    _, status = follow(failed, HOURS, reading, threading.Event())
    assert status == 3


def test_a_load_is_read_until_the_stop(endless: "subprocess.Popen[bytes]") -> None:
    stop, taken = threading.Event(), []

    def take(seconds: float) -> Reading:
        taken.append(seconds)
        stop.set()
        return reading(seconds)

    with pytest.raises(StoppedError):
        follow(endless, HOURS, take, stop)
    assert len(taken) == 1
    assert endless.poll() is None, "its owner ends it"


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), StartError("no Locust")])
def test_what_ends_one_soak_stops_the_others(raised: BaseException) -> None:
    stopped: list[str] = []

    def run_one(name: str, stop: threading.Event) -> Soak:
        if name == "last":
            raise raised
        if stop.wait(HOURS):
            stopped.append(name)
        raise StoppedError

    with pytest.raises(type(raised)):
        run_together(["first", "last"], run_one)
    assert stopped == ["first"]
