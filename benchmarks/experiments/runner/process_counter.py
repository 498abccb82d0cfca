"""Count the processes of an arm while an autoscaler adds and removes them by itself."""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self

from benchmarks.experiments.runner.arms import Action, Arm

PROCESSES = "processes"  # the note's key
COUNT_SECONDS = 1.0  # between two counts: kubectl needs a tenth of a second of CPU for each
BACK_SECONDS = 150.0  # what an autoscaler takes at most until the fewest are left


class ScalingTarget(Protocol):
    """A target whose platform scales it."""

    def ready(self, process: str) -> int:
        """Return how many processes of a type are ready."""

    def refresh(self) -> None:
        """Find the processes that there are now."""


class ProcessCounter:
    """Counts what the arm's autoscaler may scale, from the load's begin until the fewest are left.

    The note has `processes`, by type the counts with their times (monotonic clock), and
    `load_ended_at`.
    """

    def __init__(
        self, target: Any, arm: Arm, _actions: Sequence[Action], notes: list[dict[str, Any]]
    ) -> None:
        self._target: ScalingTarget = target
        self._least = arm.least
        self._counts: dict[str, list[tuple[float, int]]] = {it: [] for it in arm.autoscaled}
        self._notes = notes
        self._problem = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, name="counter", daemon=True)

    def begin(self, step: int) -> None:
        """Ignore it: the platform scales by itself."""

    def progress(self, fields: Mapping[str, Any]) -> None:
        """Ignore the load's progress."""

    def __enter__(self) -> Self:
        if self._counts:
            self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if not self._counts:
            return
        ended = time.monotonic()
        while exception[0] is None and time.monotonic() < ended + BACK_SECONDS:
            last = [counts[-1] for counts in self._counts.values() if counts]
            if self._problem or all(at > ended and count <= self._least for at, count in last):
                break
            time.sleep(COUNT_SECONDS / 2)
        self._over.set()
        self._thread.join(timeout=BACK_SECONDS)
        note: dict[str, Any] = {PROCESSES: self._counts, "load_ended_at": ended}
        if self._problem:
            note["problem"] = self._problem
        self._notes.append(note)

    def _count(self) -> None:
        while not self._over.is_set():
            for process, counts in self._counts.items():
                at = time.monotonic()
                try:
                    counts.append((at, self._target.ready(process)))
                    self._target.refresh()
                except Exception as error:  # noqa: BLE001 - it makes the trial void
                    self._problem = f"{type(error).__name__}: {error}"
                    return
            self._over.wait(COUNT_SECONDS)
