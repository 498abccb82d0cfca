"""A runner of commands: each with a limit, several at once, all ended by `stop`."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SANDBOX = Path(__file__).with_name("sandbox.py")
# What ends a suite's processes has a patience of its own; over that, the suite is given up.
PATIENCE_SECONDS = 20.0
SHOWN_LINES = 12
KEPT = ("HOME", "LANG", "PATH")


class StoppedError(Exception):
    """The run was stopped while, or before, a command ran."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The outcome of a command. `status` is None for one that was killed at its limit."""

    status: int | None
    seconds: float
    cpu_seconds: float | None
    network_cut: bool
    said: tuple[str, ...]  # its last lines


class Runner:
    """Run commands, and keep which ones run."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        scratch: Path,
        environment: Mapping[str, str],
        limit_seconds: float,
    ) -> Ended:
        """Run it in a folder, with its temporary files in scratch; StoppedError after `stop`."""
        scratch.mkdir(parents=True, exist_ok=True)
        log, note = scratch.with_suffix(".log"), scratch.with_suffix(".json")
        note.unlink(missing_ok=True)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        began = time.monotonic()
        with log.open("wb") as output:
            with self._lock:
                if self._stopping:
                    raise StoppedError
                process = subprocess.Popen(
                    [sys.executable, "-I", str(SANDBOX), str(note), *command],
                    cwd=folder,
                    env={**kept, "TMPDIR": str(scratch), **environment},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self._running.add(process)
            is_over = _wait(process, limit_seconds)
            seconds = time.monotonic() - began
            if not is_over:
                _end(process)
        with self._lock:
            self._running.discard(process)
            if self._stopping:
                raise StoppedError
        noted = json.loads(note.read_text()) if note.exists() else {}
        lines = log.read_text(errors="replace").splitlines()
        return Ended(
            process.returncode if is_over else None,
            round(seconds, 3),
            noted.get("cpu_seconds"),
            noted.get("network_cut", False),
            tuple(line for line in lines if line.strip())[-SHOWN_LINES:],
        )

    def stop(self) -> None:
        """End what runs; nothing further starts."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            _end(process)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, and all that it started with it; see `sandbox`."""
    if process.poll() is None:
        process.terminate()
    if not _wait(process, PATIENCE_SECONDS):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
