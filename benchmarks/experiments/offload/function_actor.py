"""What is done beside the load: workers are scaled by order, a function's environments counted."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, Self

import psutil

from benchmarks.experiments.runner.arms import Action, Arm
from benchmarks.experiments.runner.protocols import Target
from benchmarks.experiments.runner.scaler import Scaler

COUNT_SECONDS = 1.0  # between two counts: each reads all processes of the machine
BACK_SECONDS = 25.0  # an environment that was busy to the end is idle for 10 s, and then ends


class Start(Protocol):
    """The start of an environment; `backing.functions.EnvironmentStart` is one."""

    @property
    def at(self) -> float:
        """Unix time at which it was ready."""

    @property
    def seconds(self) -> float:
        """How long that took."""


class FunctionTarget(Protocol):
    """What is needed of a target with a function; `benchmarks.targets.Target` is one."""

    def function_pids(self) -> Sequence[int]:
        """Return the ids of the environments that there are."""

    def function_starts(self) -> Sequence[Start]:
        """Return the starts of environments since the deployment."""


class EnvironmentCounter:
    """Counts a function's environments from the load's begin on, and records their starts.

    With `until_none` it goes on after the load until none is left, for `BACK_SECONDS` at most.
    """

    def __init__(
        self, target: FunctionTarget, notes: list[dict[str, Any]], *, until_none: bool
    ) -> None:
        self._target = target
        self._notes = notes
        self._until_none = until_none
        self._counts: list[tuple[float, int]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, name="environments", daemon=True)

    def start(self) -> None:
        """Begin to count."""
        self._thread.start()

    def stop(self) -> None:
        """End, and write the counts and the starts into the notes."""
        ended = time.monotonic()
        while self._until_none and time.monotonic() < ended + BACK_SECONDS:
            if self._counts and self._counts[-1][0] > ended and self._counts[-1][1] == 0:
                break
            time.sleep(COUNT_SECONDS / 2)
        self._over.set()
        self._thread.join()
        to_monotonic = time.monotonic() - time.time()
        self._notes.append(
            {
                "environments": self._counts,
                "load_ended_at": ended,
                "starts": [
                    {"ready_at": it.at + to_monotonic, "seconds": it.seconds}
                    for it in self._target.function_starts()
                ],
            }
        )

    def _count(self) -> None:
        while not self._over.is_set():
            at = time.monotonic()
            with suppress(psutil.Error):  # one ended while it was counted: the next count has it
                self._counts.append((at, len(self._target.function_pids())))
            self._over.wait(COUNT_SECONDS)


class FunctionActor:
    """Scales an arm with workers by the sweep's actions; counts the environments of a function."""

    def __init__(
        self,
        target: Any,
        arm: Arm,
        actions: Sequence[Action],
        notes: list[dict[str, Any]],
    ) -> None:
        scaled: Target = target
        self._scaler = Scaler(scaled, arm, actions if arm.scaled else (), notes)
        self._counter = (
            EnvironmentCounter(target, notes, until_none=bool(actions)) if arm.is_function else None
        )

    def begin(self, step: int) -> None:
        """Begin the window of a step."""
        self._scaler.begin(step)

    def progress(self, fields: Mapping[str, Any]) -> None:
        """Ignore the load's progress."""

    def __enter__(self) -> Self:
        if self._counter is not None:
            self._counter.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._counter is not None:
            self._counter.stop()
        self._scaler.__exit__(*exception)
