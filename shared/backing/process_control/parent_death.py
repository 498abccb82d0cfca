"""End this process when the one that started it ends, by Linux's prctl.

`parent_death.py COMMAND…` runs a command to which the kernel sends SIGINT when its starter is gone,
so that a test run cleans up even if `make test` is killed outright.
"""

import ctypes
import os
import signal
import sys

STARTED_BY = "STARTED_BY"  # the pid of make, which the Makefile puts into the environment
_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36


def signal_on_parent_death(number: signal.Signals) -> None:
    """Have the kernel send a signal to this process when its parent ends. For the main thread."""
    _prctl(_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose own parent ends."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when its parent ends, however it ends.

    Call it from the main thread at the start of a command. Exits with status 1 where make, named in
    STARTED_BY, ended before this call. The variable is removed: a child has another parent.
    """
    signal_on_parent_death(signal.SIGTERM)
    expected = os.environ.pop(STARTED_BY, None)
    if expected is not None and os.getppid() != int(expected):
        raise SystemExit(1)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    signal_on_parent_death(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command replaces this process
