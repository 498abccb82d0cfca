"""Which load drives an arm: the generator, or, for the floor, the loop's own clock."""

import csv
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from benchmarks.analysis.trials import READY
from benchmarks.experiments.runner.arms import FLOOR, Arm
from benchmarks.experiments.runner.generator import Event, Generator
from benchmarks.workload.rows import COLUMNS
from benchmarks.workload.schedule import Schedule

TICK_SECONDS = 0.25
_NOTHING_ELSE = {
    "unfinished": [],
    "answers_lost": 0,
    "errors": 0,
    "shed": 0,
    "account_submissions": None,
    "wall_drift_ms": 0.0,
    "target_clock_skew_ms": None,
}


def make_load(arm: Arm, target: Any, **options: Any) -> Any:
    """Make the load of an arm's trial, a context manager with `events`."""
    if arm.architecture == FLOOR:
        return FloorLoad(target, schedule=options["schedule"], rows=options["rows"])
    return Generator(base_url=target.base_url, api=arm.api, **options)


class FloorLoad:
    """Lets the floor's loop run through the schedule; its iterations become rows at the end.

    The loop begins again at once, as one closed user does, so the steps' users are 1.
    """

    def __init__(self, target: Any, *, schedule: Schedule, rows: Path) -> None:
        self._target = target
        self._schedule = schedule
        self._rows = rows

    def events(self) -> Iterator[Event]:
        """Yield the marks of each step, by the clock."""
        for index, step in enumerate(self._schedule.steps):
            time.sleep(step.warm_up_seconds)
            yield Event("window-start", {"step": index})
            ends = time.monotonic() + step.window_seconds
            while (left := ends - time.monotonic()) > 0:
                time.sleep(min(left, TICK_SECONDS))
                yield self._progress(index)
            nothing = {"cpu_share": 0.0, "cpu_ms": 0.0, "lag_p99_ms": 0.0, "lag_max_ms": 0.0}
            arrivals = {"offered": 0, "started": 0, "shed": 0}
            yield Event("window-end", {"step": index, **nothing, **arrivals})
        self._target.finish()
        stamps = self._target.completed()
        self._write(stamps)
        done = len(stamps)
        yield Event("drained", {**_NOTHING_ELSE, "accepted": done, "succeeded": done})

    def _progress(self, index: int) -> Event:
        fields = {"step": index, "label": "the loop", "measured": True, "errors": 0, "shed": 0}
        return Event("progress", {**fields, "succeeded": len(self._target.completed())})

    def _write(self, stamps: list[float]) -> None:
        with self._rows.open("w", newline="", encoding="utf-8") as file:
            lines = csv.DictWriter(file, COLUMNS)
            lines.writeheader()
            for began, ended in pairwise(stamps):
                lines.writerow(
                    {
                        "phase": "window",
                        "step": 0,
                        "user": 1,
                        "name": READY,
                        "intended_at": f"{began:.6f}",
                        "started_at": f"{began:.6f}",
                        "started_wall": f"{time.time() - time.monotonic() + began:.6f}",
                        "latency_ms": f"{(ended - began) * 1000:.3f}",
                        "status": 0,
                        "submission_id": "",
                        "error": "",
                    }
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Nothing to end: the loop is a process of the target's."""
