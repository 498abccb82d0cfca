"""Ties processes to the command that started them, so that nothing is left behind.

Two ties, for the two ways in which a command ends without cleaning up:

* `die_with_parent` ends this process when the one above it (usually make) dies, even by kill -9;
* a keeper process (`python -m backing.keeper`) holds the read end of a pipe; when the write end
  closes with nothing written, because this process is gone, it kills all that carries the mark.

The mark is a variable in the environment, so it reaches children of children as well as those
that were started a moment before the end and never recorded.
"""

import ctypes
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
STARTED_BY = "STARTED_BY"
_MARK_PREFIX = "BACKING_RUN_"


def die_with_parent() -> None:
    """Request SIGTERM from the kernel for the death of this process's parent.

    Call it from the main thread at the start of a command. The Makefile puts the
    parent's pid into STARTED_BY, which reveals a parent that died before this call.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    expected = os.environ.pop(STARTED_BY, None)  # what we start has another parent
    if expected is not None and os.getppid() != int(expected):
        raise SystemExit(1)


def new_mark() -> str:
    """Make the name of an environment variable that marks all processes of one run."""
    return _MARK_PREFIX + secrets.token_hex(8)


def marked(mark: str) -> list[psutil.Process]:
    """List the living processes of this user whose environment carries the mark."""
    needle = f"{mark}=".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            if needle in (entry / "environ").read_bytes():
                found.append(psutil.Process(int(entry.name)))
        except (OSError, psutil.Error):
            continue  # ended meanwhile, or another user's
    return found


def kill_marked(mark: str, *, grace_seconds: float = 2.0) -> int:
    """Kill all processes that carry the mark, and their descendants; returns how many there were.

    PostgreSQL gets SIGQUIT first: killed outright it would leave its shared memory behind.
    """
    victims: dict[int, psutil.Process] = {}
    for process in marked(mark):
        victims[process.pid] = process
        try:
            victims.update({child.pid: child for child in process.children(recursive=True)})
        except psutil.Error:
            continue
    servers = [victim for victim in victims.values() if _name(victim) == "postgres"]
    for server in servers:
        _send(server, signal.SIGQUIT)
    wait_gone(servers, timeout_seconds=grace_seconds)
    for victim in victims.values():
        _send(victim, signal.SIGKILL)
    wait_gone(victims.values(), timeout_seconds=grace_seconds)
    return len(victims)


def running(process: psutil.Process) -> bool:
    """Return whether the process runs. A zombie doesn't, even if it is never waited for."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def wait_gone(processes: Iterable[psutil.Process], *, timeout_seconds: float) -> bool:
    """Wait until none of the processes runs; return False if that takes longer."""
    deadline = time.monotonic() + timeout_seconds
    waiting = list(processes)
    while waiting := [process for process in waiting if running(process)]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)  # refuses when the pid has gone to another process
    except psutil.Error:
        return


class Keeper:
    """A process that outlives this one by a moment and ends what it left running."""

    def __init__(self, mark: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backing.keeper", mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C in the terminal must not reach it
        )

    def release(self) -> None:
        """End the keeper without ending the marked processes."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            try:
                self._process.stdin.write(b"release\n")
                self._process.stdin.close()
            except BrokenPipeError:
                pass
        self._process.wait(timeout=10)
