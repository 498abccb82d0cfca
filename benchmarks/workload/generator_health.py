"""The generator's own health: its CPU use, the lag of its event loop, and its clocks.

A generator without spare CPU measures itself and not the target; one whose loop lags reads
responses late and adds that to every latency; one whose wall clock is set while it runs writes
`started_wall` in two different times.
"""

import time
from dataclasses import dataclass
from typing import Protocol

import gevent

TICK_SECONDS = 0.02
AT_ONCE_SECONDS = 0.001  # two clocks that are read further apart can't be compared


class Clock(Protocol):
    """The clocks that are read; the `time` module implements it."""

    def monotonic(self) -> float:
        """Return seconds of a clock that is never set."""

    def time(self) -> float:
        """Return seconds since the epoch, on the wall clock."""

    def process_time(self) -> float:
        """Return the CPU seconds of this process."""


@dataclass(frozen=True, slots=True)
class Reading:
    """CPU use and loop lag of the generator between two marks."""

    cpu_share: float  # of one core, 0-1
    cpu_ms: float
    lag_p99_ms: float
    lag_max_ms: float


class GeneratorHealth:
    """Measures CPU and lag from `start` to `read`, and the wall clock's drift from `run` on."""

    def __init__(self, clock: Clock = time) -> None:
        self._clock = clock
        self._lags_ms: list[float] = []
        self._greenlet: gevent.Greenlet[..., None] | None = None
        self._began = (clock.monotonic(), clock.process_time())
        self._due = self._began[0]
        self._offset: float | None = None
        self.wall_drift_ms = 0.0  # the largest change of wall - monotonic, against the beginning

    def run(self) -> None:
        """Start the greenlet that measures the lag and compares the clocks."""
        self._due = self._clock.monotonic() + TICK_SECONDS
        self._greenlet = gevent.spawn(self._tick)

    def stop(self) -> None:
        """End the greenlet of `run`."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def start(self) -> None:
        """Begin a measurement; `read` ends it."""
        self._lags_ms.clear()
        self._began = (self._clock.monotonic(), self._clock.process_time())

    def read(self) -> Reading:
        """Return the measurement since `start`; a tick that is overdue counts as late already."""
        now = self._clock.monotonic()
        elapsed = max(now - self._began[0], 1e-9)
        cpu_seconds = self._clock.process_time() - self._began[1]
        lags = sorted([*self._lags_ms, max(0.0, (now - self._due) * 1000)])
        return Reading(
            cpu_share=cpu_seconds / elapsed,
            cpu_ms=cpu_seconds * 1000,
            lag_p99_ms=lags[min(len(lags) - 1, int(len(lags) * 0.99))],
            lag_max_ms=lags[-1],
        )

    def compare_clocks(self) -> None:
        """Compare the wall clock with the monotonic one and update the drift."""
        before, wall, after = self._clock.monotonic(), self._clock.time(), self._clock.monotonic()
        if after - before > AT_ONCE_SECONDS:
            return
        offset = wall - (before + after) / 2
        if self._offset is None:
            self._offset = offset
        self.wall_drift_ms = max(self.wall_drift_ms, abs(offset - self._offset) * 1000)

    def _tick(self) -> None:
        while True:
            gevent.sleep(max(0.0, self._due - self._clock.monotonic()))
            self._lags_ms.append(max(0.0, (self._clock.monotonic() - self._due) * 1000))
            self.compare_clocks()
            self._due = self._clock.monotonic() + TICK_SECONDS
