"""The queue in which arrivals wait for a slot: none begins early, surplus ones are shed."""

import time
from collections import deque
from collections.abc import Callable, Iterable

import gevent
from gevent.event import AsyncResult

from benchmarks.workload.arrivals import Arrival

MOST_WAITING = 16


class AdmissionQueue:
    """Gives each arrival to a slot (a Locust user) as soon as it is due and a slot is free.

    While all slots are busy, up to `most_waiting` arrivals wait; their latency runs on, since it
    counts from the intended start. Further arrivals are shed: a generator with ever more slots
    would break before the target does. `shed` is called with each arrival that is shed.
    """

    def __init__(
        self,
        shed: Callable[[Arrival], None],
        *,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report_shed = shed
        self._most_waiting = most_waiting
        self._clock = clock
        self._waiting: deque[Arrival] = deque()
        # The slot that became free last is used first: its connection is the newest.
        self._free: list[AsyncResult[Arrival | None]] = []
        self._closed = False

    @property
    def free(self) -> int:
        """Return how many slots wait for an arrival."""
        return len(self._free)

    def feed(self, arrivals: Iterable[Arrival]) -> None:
        """Admit arrivals, each when it is due; return after the last."""
        for arrival in arrivals:
            while (rest := arrival.intended_at - self._clock()) > 0:
                gevent.sleep(rest)
            self._admit(arrival)

    def take(self) -> Arrival | None:
        """Wait for an arrival and return it; None if the queue is closed and empty."""
        if self._waiting:
            return self._waiting.popleft()
        if self._closed:
            return None
        handover: AsyncResult[Arrival | None] = AsyncResult()
        self._free.append(handover)
        try:
            return handover.get()
        except gevent.GreenletExit:  # Locust ended a slot that was free
            if handover in self._free:
                self._free.remove(handover)
            elif handover.value is not None:  # and had just got an arrival
                self._admit(handover.value)
            raise

    def shed(self, arrival: Arrival) -> None:
        """Mark an arrival as shed and report it."""
        arrival.shed = True
        self._report_shed(arrival)

    def shed_waiting(self) -> None:
        """Shed all arrivals that wait for a slot."""
        while self._waiting:
            self.shed(self._waiting.popleft())

    def close(self) -> None:
        """Admit no more. Waiting arrivals still get a slot; a slot ends when none waits."""
        self._closed = True
        while self._free:
            self._free.pop().set(None)

    def _admit(self, arrival: Arrival) -> None:
        if self._free:
            self._free.pop().set(arrival)
        elif self._closed or len(self._waiting) >= self._most_waiting:
            self.shed(arrival)
        else:
            self._waiting.append(arrival)
