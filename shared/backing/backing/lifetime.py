"""End the processes of a command that ended without cleaning up, so that none is left behind.

A keeper process (`python -m backing.keeper`) holds the read end of a pipe. When the write end
closes with nothing written, because this process is gone, the keeper kills all that carries the
run's mark. (`process_control.parent_death` ends this process when make dies, even by kill -9.)

The mark is a variable in the environment, so it reaches children of children as well as those
that were started a moment before the end and never recorded.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

_MARK_PREFIX = "BACKING_RUN_"


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


def seconds_after_boot(process: psutil.Process) -> float:
    """Return when a process was created, in seconds after the machine's start, to 10 ms.

    With the pid it identifies a process. The time of day wouldn't: it is the start's plus this, and
    another one whenever the clock is set.
    """
    return round(process.create_time() - psutil.boot_time(), 2)


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
