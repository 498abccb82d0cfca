"""Counts the outcomes of a run's arrivals while they come; keeps those alone that are undecided."""

from collections import deque
from collections.abc import Iterable, Iterator

from benchmarks.workload.arrivals import Arrival, Counts, count


class ArrivalCounter:
    """The counts of one process. Times are seconds of the monotonic clock.

    An arrival is started if it is submitted by the end of the arrivals, late or not.
    """

    def __init__(self, began: float, seconds: float) -> None:
        self._began = began
        self._until = began + seconds
        self._undecided: deque[Arrival] = deque()
        self._decided = Counts()
        self.complete = False  # whether every arrival of the schedule has been offered

    def watch(self, arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
        """Yield the arrivals and count what becomes of them."""
        for arrival in arrivals:
            self._undecided.append(arrival)
            yield arrival
        self.complete = True

    def stop(self, now: float) -> None:
        """End the arrivals early: those that aren't due yet won't be offered."""
        self._until = min(self._until, now)

    def seconds(self, now: float) -> float:
        """Return for how long arrivals have been offered."""
        return min(now, self._until) - self._began

    def counts(self, now: float) -> Counts:
        """Return the outcomes of the arrivals that were due by now."""
        decided: list[Arrival] = []
        while self._undecided and _is_decided(self._undecided[0]):
            decided.append(self._undecided.popleft())
        self._decided = _sum(self._decided, count(decided, self._began, self._until))
        due = min(now, self._until)
        open_ones = count((it for it in self._undecided if it.intended_at <= due), 0.0, self._until)
        return _sum(self._decided, open_ones)


def _is_decided(arrival: Arrival) -> bool:
    return arrival.shed or arrival.submitted_at is not None


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(one.offered + other.offered, one.started + other.started, one.shed + other.shed)
