"""Scale a target out and back at the moments that a sweep sets, beside the load."""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self

from benchmarks.experiments.runner.arms import Action, Arm
from benchmarks.experiments.runner.protocols import Target

PATIENCE_SECONDS = 150.0  # start-up, the edge, and workers that finish their task


class Scaler:
    """Scale from the first window on; record what was ordered and when it was done."""

    def __init__(
        self,
        target: Target,
        arm: Arm,
        actions: Sequence[Action],
        notes: list[dict[str, Any]],
    ) -> None:
        self._target = target
        self._arm = arm
        self._actions = actions
        self._notes = notes
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def progress(self, fields: Mapping[str, Any]) -> None:
        """Ignore the load's progress."""

    def begin(self, step: int) -> None:
        """Begin the window of a step; the actions count from the start of the first one."""
        if step == 0 and self._actions and self._thread is None:
            self._thread = threading.Thread(
                target=self._act, args=(time.monotonic(),), name="scaler", daemon=True
            )
            self._thread.start()

    def _act(self, began: float) -> None:
        for action in self._actions:
            if self._over.wait(max(0.0, began + action.at_seconds - time.monotonic())):
                return
            note: dict[str, Any] = {"out": action.out, "ordered_at": time.monotonic()}
            self._notes.append(note)
            try:
                self._target.scale_all(self._wanted(out=action.out))
            except Exception as error:  # noqa: BLE001 - it makes the trial void
                note["problem"] = f"{type(error).__name__}: {error}"
                return
            note["ready_at"] = time.monotonic()

    def _wanted(self, *, out: bool) -> Mapping[str, int]:
        if out:
            return self._arm.scaled
        return {process: self._arm.replicas.get(process, 1) for process in self._arm.scaled}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(PATIENCE_SECONDS)
            if self._thread.is_alive():
                self._notes[-1]["problem"] = f"scaling took over {PATIENCE_SECONDS:.0f} s"
