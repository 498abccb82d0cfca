"""Runs Locust against the stub on a core of its own, and reads what it reports of itself."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from backing.ports import free_port
from benchmarks.load_sizing.errors import SizingError
from benchmarks.load_sizing.sizing import ARRIVALS, USERS, Point
from benchmarks.repository import REPOSITORY

FOLDER = REPOSITORY / "benchmarks"
READY_SECONDS = 15.0
SLOTS_FOR_EACH_ARRIVAL = 0.3  # a flow against the stub takes some hundredths of a second
FEWEST_SLOTS = 20
_DIRECT = build_opener(ProxyHandler({}))


@contextmanager
def stub(core: int) -> Iterator[str]:
    """Serve the stub on a core; yield its base URL. Raises SizingError if it doesn't start."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.load_sizing.stub_target", "--port", str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL)
    try:
        os.sched_setaffinity(process.pid, {core})
        base_url = f"http://127.0.0.1:{port}"
        _wait_until_ready(base_url)
        yield base_url
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(base_url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with _DIRECT.open(f"{base_url}/readyz", timeout=2):
                return
        except (URLError, OSError) as error:
            if time.monotonic() > deadline:
                message = f"The stub at {base_url} doesn't respond after {READY_SECONDS:g} s."
                raise SizingError(message) from error
            time.sleep(0.1)


def measure(kind: str, amount: float, base_url: str, *, core: int, seconds: int) -> Point:
    """Load the stub for some seconds from one process on a core. Raises SizingError."""
    with tempfile.TemporaryDirectory(prefix="flow-sizing-") as folder:
        files = {name: Path(folder, f"{name}.json") for name in ("run", "locust")}
        command = [
            *(sys.executable, "-m", "locust", "--headless", "--only-summary"),
            *("--host", base_url, "--report-file", str(files["run"])),
            *("--json-file", str(files["locust"].with_suffix("")), "--loglevel", "WARNING"),
            *_load(kind, amount, seconds),
        ]
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.sched_setaffinity(process.pid, {core})
        _, messages = process.communicate(timeout=10 * seconds + 60)
        if not all(it.exists() for it in files.values()):
            last = (messages.strip().splitlines() or ["no message"])[-1]
            raise SizingError(f"Locust ended with {process.returncode}: {last}")
        report, rows = (json.loads(files[name].read_text()) for name in ("run", "locust"))
    return point(kind, amount, report, rows)


def point(kind: str, amount: float, report: Any, rows: Any) -> Point:
    """Return the point of a run, from its report and Locust's statistics. Raises SizingError."""
    failed = sum(it["num_failures"] for it in rows if it["method"] != "FLOW")
    if failed:
        raise SizingError(f"{failed} requests to the stub failed, so the load isn't the one meant.")
    (process,) = report["processes"]
    requests = sum(it["num_requests"] for it in rows if it["method"] != "FLOW")
    return Point(
        kind=kind,
        amount=amount,
        cpu_share=process["cpu_share"],
        requests_per_second=requests / process["seconds"],
        lag_max_ms=process["lag_max_ms"],
        started_share=report["started_share"],
    )


def _load(kind: str, amount: float, seconds: int) -> list[str]:
    """Return the options of Locust for so many users, or arrivals a second."""
    if kind == USERS:
        options = ["-f", str(FOLDER / "locustfile.py"), "-u", f"{amount:g}"]
        return [*options, "-r", "100", "-t", f"{seconds}s"]
    if kind != ARRIVALS:
        raise SizingError(f"There is no load of {kind}: use {USERS} or {ARRIVALS}.")
    slots = max(FEWEST_SLOTS, round(amount * SLOTS_FOR_EACH_ARRIVAL))
    options = ["-f", str(FOLDER / "workload" / "latency.py"), "-u", str(slots), "-r", "100"]
    return [*options, "--rate", f"{amount:g}", "--arrival-seconds", str(seconds)]


def _environment() -> dict[str, str]:
    """Return this process's variables without those that are options of Locust."""
    prefixes = ("LOCUST_", "FLOW_")
    return {name: it for name, it in os.environ.items() if not name.startswith(prefixes)}
