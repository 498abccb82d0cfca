"""Where arrivals wait for a slot: never let in early, given up when too many wait."""

import time
from collections import deque
from collections.abc import Callable, Iterable

import gevent
from gevent.event import AsyncResult

from benchmarks.workload.arrivals import Arrival

MOST_WAITING = 16


class Line:
    """Hands each arrival to a slot (a Locust user) as soon as it is due and one is free.

    While all are busy, up to `most_waiting` arrivals wait; their latency runs on, since it counts
    from when they were meant to come. What comes beyond is shed: a generator with ever more slots
    would break before the target does. `shed` is told of each that is given up.
    """

    def __init__(
        self,
        shed: Callable[[Arrival], None],
        *,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shed = shed
        self._most_waiting = most_waiting
        self._clock = clock
        self._waiting: deque[Arrival] = deque()
        # The slot that became free last is taken first: its connection is the freshest.
        self._free: list[AsyncResult[Arrival | None]] = []
        self._closed = False

    @property
    def free(self) -> int:
        """How many slots wait for an arrival."""
        return len(self._free)

    def feed(self, arrivals: Iterable[Arrival]) -> None:
        """Let arrivals in, each when it is due; returns after the last."""
        for arrival in arrivals:
            while (rest := arrival.intended_at - self._clock()) > 0:
                gevent.sleep(rest)
            self._let_in(arrival)

    def take(self) -> Arrival | None:
        """Wait for an arrival; None when no more will come."""
        if self._waiting:
            return self._waiting.popleft()
        if self._closed:
            return None
        hand: AsyncResult[Arrival | None] = AsyncResult()
        self._free.append(hand)
        try:
            return hand.get()
        except gevent.GreenletExit:  # Locust ended a slot that was free
            if hand in self._free:
                self._free.remove(hand)
            elif hand.value is not None:  # and had just been given an arrival
                self._let_in(hand.value)
            raise

    def give_up(self, arrival: Arrival) -> None:
        """Shed an arrival."""
        arrival.shed = True
        self._shed(arrival)

    def give_up_waiting(self) -> None:
        """Shed all that wait."""
        while self._waiting:
            self.give_up(self._waiting.popleft())

    def close(self) -> None:
        """Let no more in; those that wait still get a slot, and a slot goes when none waits."""
        self._closed = True
        while self._free:
            self._free.pop().set(None)

    def _let_in(self, arrival: Arrival) -> None:
        if self._free:
            self._free.pop().set(arrival)
        elif self._closed or len(self._waiting) >= self._most_waiting:
            self.give_up(arrival)
        else:
            self._waiting.append(arrival)
