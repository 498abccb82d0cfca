"""Applies the checker to a target that may still be finishing."""

import time

from benchmarks.oracle.check import Violation, check
from benchmarks.oracle.history import History
from benchmarks.targets.local import Target

SETTLE_SECONDS = 60.0
PAUSE_SECONDS = 0.5


def settled_violations(
    target: Target, history: History, *, timeout_seconds: float = SETTLE_SECONDS
) -> list[Violation]:
    """Check until nothing is violated or the time is over; return what is violated then.

    Objects are removed a moment after a state is final, and a row whose 202 never reached the
    client may wait for the end of a dead worker's lease.
    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if not check(history, target.inventory()):
            break
        time.sleep(PAUSE_SECONDS)
    return check(history, target.inventory(read_results=True))
