"""Run commands with a time limit each, several at once, and end them all on request."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


class StoppedError(Exception):
    """The runner was stopped before the command began, or while it ran."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `status` is None for one that was ended at its time limit."""

    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command is ended: a signal, to its whole process group or to itself alone.

    What still runs after `grace_seconds` is killed with its group; None waits for its end.
    """

    number: signal.Signals = signal.SIGINT
    to_group: bool = True
    grace_seconds: float | None = 20.0


class CommandRunner:
    """Runs commands in sessions of their own, from any number of threads; `stop` ends them all."""

    def __init__(self, ending: Ending) -> None:
        self._ending = ending
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: BinaryIO,
        limit_seconds: float | None = None,
    ) -> Ended:
        """Run a command to its end or its limit, its output in `log`. Raises StoppedError."""
        began = time.monotonic()
        with self._lock:
            if self._stopping:
                raise StoppedError
            process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running.add(process)
        try:
            status: int | None = process.wait(limit_seconds)
        except subprocess.TimeoutExpired:
            status = None
        seconds = time.monotonic() - began
        if status is None:
            self._signal(process)
            self._wait(process)
        with self._lock:
            self._running.discard(process)
            if self._stopping:
                raise StoppedError
        return Ended(status, seconds)

    def stop(self) -> None:
        """End what runs and wait for it; nothing further starts."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for process in running:
            self._signal(process)
        for process in running:
            self._wait(process)

    def _signal(self, process: subprocess.Popen[bytes]) -> None:
        if not self._ending.to_group:
            process.send_signal(self._ending.number)  # sends none to a process that has ended
        elif process.poll() is None:
            _send_to_group(process, self._ending.number)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(self._ending.grace_seconds)
        except subprocess.TimeoutExpired:
            _send_to_group(process, signal.SIGKILL)
            process.wait()


def _send_to_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # all of it has ended
