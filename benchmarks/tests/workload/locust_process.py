"""Run Locust as a process of its own, since it patches the process that imports it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from backing.ports import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"
LIMIT_SECONDS = 60


def locust(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Stock Locust, at its own command line."""
    with started(*arguments, cwd=cwd) as process:
        return finished(process)


@contextmanager
def started(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A Locust that runs; it is ended with all that it started, however the block is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "locust", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Return a Locust process's output after its end."""
    stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def own_ports() -> tuple[str, ...]:
    """Return arguments with free ports for a master and its workers."""
    port = str(free_port())
    return ("--master-bind-port", port, "--master-port", port)


def statistics(folder: Path) -> dict[str, dict[str, Any]]:
    """Locust's own final statistics, from its --json-file, by "TYPE name"."""
    rows = json.loads((folder / "locust.json").read_text())
    return {f"{row['method']} {row['name']}": row for row in rows}
