"""Run a load through its schedule and report each mark."""

import time
from collections.abc import Callable
from dataclasses import asdict

import gevent

from benchmarks.workload.generator_health import GeneratorHealth
from benchmarks.workload.load import Load
from benchmarks.workload.schedule import Moment, Schedule
from benchmarks.workload.tally import Tally

PROGRESS_SECONDS = 0.5

Report = Callable[..., None]  # the event's name, and its fields


class ScheduleRunner:
    """One run of a schedule. Each mark is taken when it is due, or as soon after as it can be."""

    def __init__(
        self, schedule: Schedule, load: Load, tally: Tally, health: GeneratorHealth, report: Report
    ) -> None:
        self._schedule = schedule
        self._load = load
        self._tally = tally
        self._health = health
        self._report = report
        self._window_start = 0.0

    def run(self) -> None:
        """Run all steps; return when the last window has ended."""
        began = time.monotonic()
        last: Moment | None = None
        reported = float("-inf")
        while True:
            elapsed = time.monotonic() - began
            moment = self._schedule.at(elapsed)
            if moment != last:
                self._cross(last, moment, began)
                last = moment
            if moment is None:
                return
            if elapsed - reported >= PROGRESS_SECONDS:
                reported = elapsed
                self._report_progress(moment, elapsed)
            edges = [edge for edge in self._schedule.edges if edge > elapsed]
            due = min(reported + PROGRESS_SECONDS, *edges)
            gevent.sleep(max(0.0, began + due - time.monotonic()))

    def _cross(self, last: Moment | None, moment: Moment | None, began: float) -> None:
        """Leave one position of the schedule, which began at a time, and enter the next."""
        now = time.monotonic()
        if last is not None and last.measured:
            reading = self._health.read()
            counts = self._load.leave(self._window_start, now)
            self._report("window-end", step=last.index, at=now, **asdict(reading), **asdict(counts))
        if moment is None:
            return
        self._tally.enter(now, "window" if moment.measured else "warm-up", moment.index)
        warm_up_ends, window_ends = self._schedule.edges[2 * moment.index : 2 * moment.index + 2]
        if last is None or last.index != moment.index:
            self._load.enter(moment.index, moment.step, until=began + warm_up_ends)
        if moment.measured:
            self._window_start = now
            self._load.begin_window(moment.index, moment.step, until=began + window_ends)
            self._health.start()
            self._report("window-start", step=moment.index, at=now)

    def _report_progress(self, moment: Moment, elapsed: float) -> None:
        self._report(
            "progress",
            step=moment.index,
            label=moment.step.label,
            measured=moment.measured,
            elapsed_seconds=round(elapsed, 3),
            accepted=len(self._tally.accepted),
            succeeded=len(self._tally.succeeded),
            errors=self._tally.errors,
            shed=self._tally.shed,
        )
