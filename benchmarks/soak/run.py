"""One soak: deploy, load with Locust, take readings, and check the stores at the end."""

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backing.ports import free_port
from benchmarks.oracle import History
from benchmarks.oracle.settlement import settled_violations
from benchmarks.soak.judgement import Growth, growth
from benchmarks.soak.readings import Reading, read
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.local.deployment import deploy
from benchmarks.targets.local.target import Target

USERS = 6
READINGS = 120  # a reading every 15 s in half an hour
SETTLE_SECONDS = 90.0
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


def soak(architecture: str, seconds: float, folder: Path) -> Soak:
    """Deploy the architecture on a free port, load it for `seconds`, and judge the readings.

    Logs and Locust's statistics go to `folder`. Raises StartError if it doesn't start.
    """
    run_dir = REPOSITORY / ".run" / f"soak-{architecture}-{os.getpid()}"
    statistics = folder / f"locust-{architecture}"
    with deploy(architecture, run_dir=run_dir, edge_port=free_port()) as target:
        readings: list[Reading] = []
        with _load(target.base_url, seconds, statistics) as locust:
            began = time.monotonic()
            while (passed := time.monotonic() - began) < seconds:
                readings.append(read(target, passed))
                _sleep_while_alive(locust, seconds / READINGS)
            status = locust.wait(_STOP_SECONDS)
        left_over = _left_over(target)
    requests, failures = _count_requests(statistics.with_suffix(".json"))
    grown = tuple(growth(readings))
    problems = [
        f"{found.process}: {found.measure} grew {found.ratio:+.1%}"
        for found in grown
        if found.exceeded
    ]
    problems += left_over
    if status or failures:
        problems.append(f"{failures} of {requests} requests failed; see {statistics}.log")
    return Soak(
        architecture, seconds, USERS, requests, failures, grown, tuple(problems), tuple(readings)
    )


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


def _sleep_while_alive(locust: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        locust.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    time.sleep(seconds)


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
