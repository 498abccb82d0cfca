"""The check of a target that may still be finishing."""

import time
from collections.abc import Collection
from typing import Protocol

from benchmarks.oracle.check import Violation, check
from benchmarks.oracle.history import History
from benchmarks.targets.measure.inventory import Inventory

SETTLE_SECONDS = 60.0
PAUSE_SECONDS = 0.5


class Stores(Protocol):
    """A target whose stores can be read; `Target` implements it."""

    def inventory(self, *, read_results: bool = False) -> Inventory:
        """Return rows and objects; with `read_results`, the results' submissions too."""


def settled_violations(
    target: Stores,
    history: History,
    *,
    timeout_seconds: float = SETTLE_SECONDS,
    known: Collection[Violation] = (),
) -> list[Violation]:
    """Check until there is no violation or the time is over; return the last violations.

    Objects are removed a moment after a state is final, and a row whose 202 never reached the
    client may wait for the end of a dead worker's lease. `known` are violations of earlier
    histories on the same target, which are left out.
    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if not set(check(history, target.inventory())) - set(known):
            break
        time.sleep(PAUSE_SECONDS)
    found = check(history, target.inventory(read_results=True))
    return [violation for violation in found if violation not in known]
