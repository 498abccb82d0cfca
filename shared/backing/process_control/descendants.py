"""End every process below this one, in whatever session it is and however it was started.

The caller makes itself the parent of orphans first, by `parent_death.adopt_orphans`: the kernel
otherwise gives a process whose parent ended to the system's first one, and it is found no more.
"""

import os
import signal
import time
from pathlib import Path

GRACE_SECONDS = 5.0  # for PostgreSQL half of it; after the whole, what is left is given up


def end_descendants() -> None:
    """Kill every descendant of this process and reap it, until there is none."""
    deadline = time.monotonic() + GRACE_SECONDS
    while children := _children(os.getpid()):
        for pid in _below(children):
            # PostgreSQL killed outright would leave its shared memory behind.
            gently = _name(pid) == "postgres" and time.monotonic() < deadline - GRACE_SECONDS / 2
            _send(pid, signal.SIGQUIT if gently else signal.SIGKILL)
        _reap()
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)
    _reap()


def _below(pids: list[int]) -> list[int]:
    found = []
    for pid in pids:
        found += [pid, *_below(_children(pid))]
    return found


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue  # ended meanwhile
    return found


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return
