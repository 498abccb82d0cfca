"""One soak: deploy, load with Locust, take readings, and check the stores at the end."""

import dataclasses
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backing import StartError
from backing.ports import free_port
from benchmarks.oracle import History
from benchmarks.oracle.settlement import settled_violations
from benchmarks.soak.judgement import Growth, growth
from benchmarks.soak.readings import Reading, read
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.local.deployment import deploy
from benchmarks.targets.local.target import Target
from process_control.command_runner import StoppedError

USERS = 6
READINGS = 120  # a reading every 15 s in half an hour
SETTLE_SECONDS = 90.0
POLL_SECONDS = 0.1
_STOP_SECONDS = 60.0
_LOCUST = Path(__file__).with_name("locustfile.py")


@dataclass(frozen=True)
class Soak:
    """The outcome of a run. `problems` is empty if nothing grew, failed or was left over."""

    architecture: str
    seconds: float
    users: int
    requests: int
    failures: int
    growth: tuple[Growth, ...]
    problems: tuple[str, ...]
    readings: tuple[Reading, ...]

    def document(self) -> dict[str, Any]:
        """Return all fields as values for JSON."""
        return dataclasses.asdict(self)


def soak(architecture: str, seconds: float, folder: Path, stop: threading.Event) -> Soak:
    """Deploy the architecture on a free port, load it for `seconds`, and judge the readings.

    Logs and Locust's statistics go to `folder`. Raises StartError if the target or Locust doesn't
    start, and StoppedError, with nothing left running, soon after `stop` is set.
    """
    run_dir = REPOSITORY / ".run" / f"soak-{architecture}-{os.getpid()}"
    statistics = folder / f"locust-{architecture}"
    statistics.with_suffix(".json").unlink(missing_ok=True)  # of an earlier run
    with deploy(architecture, run_dir=run_dir, edge_port=free_port()) as target:
        with _load(target.base_url, seconds, statistics) as locust:
            began = time.monotonic()
            readings, status = follow(locust, seconds, lambda passed: read(target, passed), stop)
            lasted = time.monotonic() - began
        # Its own clock is of whole seconds, and begins later than this one
        if lasted < seconds - 1 or not statistics.with_suffix(".json").exists():
            message = (
                f"Locust ended with status {status} after {lasted:.0f} s; see {statistics}.log"
            )
            raise StartError(message)
        left_over = _left_over(target)
    requests, failures = _count_requests(statistics.with_suffix(".json"))
    grown = tuple(growth(readings))
    problems = [
        f"{found.process}: {found.measure} grew {found.ratio:+.1%}"
        for found in grown
        if found.exceeded
    ]
    problems += left_over
    if status != 0 or failures:
        problems.append(f"{failures} of {requests} requests failed; see {statistics}.log")
    return Soak(
        architecture, seconds, USERS, requests, failures, grown, tuple(problems), tuple(readings)
    )


def follow(
    locust: "subprocess.Popen[bytes]",
    seconds: float,
    take: Callable[[float], Reading],
    stop: threading.Event,
) -> tuple[list[Reading], int | None]:
    """Return readings while Locust runs, for `seconds` at most, and its status once it has ended.

    The status is None where it doesn't end in a time. `take` gets the seconds since the beginning.
    Raises StoppedError.
    """
    readings: list[Reading] = []
    status, began = locust.poll(), time.monotonic()
    while status is None and (passed := time.monotonic() - began) < seconds:
        readings.append(take(passed))
        status = _wait(locust, seconds / READINGS, stop)
    if status is None:
        status = _wait(locust, _STOP_SECONDS, stop)
    return readings, status


@contextmanager
def _load(base_url: str, seconds: float, statistics: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        str(_LOCUST),
        "--host",
        base_url,
        "--headless",
        "-u",
        str(USERS),
        "-r",
        "2",
        "-t",
        f"{int(seconds)}s",
        "--stop-timeout",
        "30",
        "--json-file",
        str(statistics),
        "--only-summary",
    ]
    with statistics.with_suffix(".log").open("wb") as log:
        locust = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield locust
        finally:
            if locust.poll() is None:
                locust.kill()
                locust.wait()


def _wait(locust: "subprocess.Popen[bytes]", seconds: float, stop: threading.Event) -> int | None:
    """Return Locust's status; None if it still runs after so many seconds. Raises StoppedError."""
    deadline = time.monotonic() + seconds
    while (status := locust.poll()) is None and time.monotonic() < deadline:
        if stop.wait(POLL_SECONDS):
            raise StoppedError
    return status


def _left_over(target: Target) -> list[str]:
    """Return the violations of rows and objects after the target has settled."""
    found = settled_violations(target, History(), timeout_seconds=SETTLE_SECONDS)
    return [str(violation) for violation in found]


def _count_requests(path: Path) -> tuple[int, int]:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return (
        sum(int(entry["num_requests"]) for entry in entries),
        sum(int(entry["num_failures"]) for entry in entries),
    )
