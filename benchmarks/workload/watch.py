"""The generator watches itself: the CPU that it uses, and how late its event loop runs.

A generator without CPU to spare measures itself and not the target; one whose loop is late reads
answers late and adds that to every latency.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import gevent

TICK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Reading:
    """What the generator used from one mark to the next."""

    cpu_share: float  # of one core, 0-1
    lag_p99_ms: float
    lag_max_ms: float


class SelfWatch:
    """Measures from `start` to `read`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lags_ms: list[float] = []
        self._greenlet: gevent.Greenlet[..., None] | None = None
        self._began = (clock(), time.process_time())

    def run(self) -> None:
        """Begin to tick, in a greenlet."""
        self._greenlet = gevent.spawn(self._tick)

    def stop(self) -> None:
        """End the ticking."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def start(self) -> None:
        """Begin a stretch."""
        self._lags_ms.clear()
        self._began = (self._clock(), time.process_time())

    def read(self) -> Reading:
        """The stretch since `start`."""
        elapsed = max(self._clock() - self._began[0], 1e-9)
        lags = sorted(self._lags_ms) or [0.0]
        return Reading(
            cpu_share=(time.process_time() - self._began[1]) / elapsed,
            lag_p99_ms=lags[min(len(lags) - 1, int(len(lags) * 0.99))],
            lag_max_ms=lags[-1],
        )

    def _tick(self) -> None:
        due = self._clock() + TICK_SECONDS
        while True:
            gevent.sleep(max(0.0, due - self._clock()))
            self._lags_ms.append(max(0.0, (self._clock() - due) * 1000))
            due = self._clock() + TICK_SECONDS
