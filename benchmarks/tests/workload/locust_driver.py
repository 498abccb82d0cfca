"""Runs the generator as the process that it is, and keeps what it output."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.tests.workload.locust_process import IMAGE, REPOSITORY
from benchmarks.workload.rows import Row, read_rows
from benchmarks.workload.schedule import Schedule

LIMIT_SECONDS = 60


@dataclass(frozen=True)
class GeneratorOutput:
    """What a generator printed and wrote."""

    events: list[dict[str, Any]]
    rows: list[Row]
    withheld_ms: float  # from its first event on: it could have run, but other work had the core

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [it for it in self.events if it["event"] == kind]

    def named(self, name: str) -> list[Row]:
        return [row for row in self.rows if row.name == name]

    @property
    def drained(self) -> dict[str, Any]:
        return self.of("drained")[0]


def command(base_url: str, folder: Path, schedule: Schedule, *more: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "benchmarks.workload",
        "--host",
        base_url,
        "--rows",
        str(folder / "rows.csv"),
        "--image",
        str(IMAGE),
        "--schedule",
        json.dumps(schedule.to_json()),
        *more,
    ]


Seen = Callable[[dict[str, Any], int], None]  # an event as it comes, and the generator's pid


def _withheld_ms(pid: int) -> float:
    """Return for how long a process, which may have ended, has waited for a core."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e6


def drive(
    base_url: str,
    folder: Path,
    schedule: Schedule,
    *more: str,
    seen: Seen | None = None,
) -> GeneratorOutput:
    """Run a generator to its end."""
    core = str(max(os.sched_getaffinity(0)))
    events, withheld_ms = [], 0.0
    with subprocess.Popen(
        command(base_url, folder, schedule, "--core", core, *more),
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        watchdog = threading.Timer(LIMIT_SECONDS, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                events.append(json.loads(line))
                withheld_ms = withheld_ms or _withheld_ms(process.pid)
                if seen is not None:
                    seen(events[-1], process.pid)
            withheld_ms = _withheld_ms(process.pid) - withheld_ms
        finally:
            watchdog.cancel()
            if process.poll() is None and sys.exc_info()[0] is not None:
                process.kill()
    assert process.returncode == 0
    return GeneratorOutput(events, list(read_rows(folder / "rows.csv")), withheld_ms)
