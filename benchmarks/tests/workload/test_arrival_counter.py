"""The counter of arrivals: the same counts as of all arrivals at once, and little in memory."""

from itertools import count as numbers

import pytest

from benchmarks.workload.arrival_counter import ArrivalCounter
from benchmarks.workload.arrivals import Arrival, Counts


def fed(counter: ArrivalCounter, *times: float) -> list[Arrival]:
    return list(counter.watch([Arrival(at) for at in times]))


def test_outcomes_are_counted_when_they_are_due_and_decided() -> None:
    counter = ArrivalCounter(10.0, 5.0)
    first, second, third, fourth = fed(counter, 11.0, 12.0, 13.0, 14.0)
    assert counter.counts(10.5) == Counts()
    assert counter.counts(12.5) == Counts(offered=2)
    second.submitted_at = 12.1
    assert counter.counts(12.5) == Counts(offered=2, started=1)
    first.submitted_at = 12.6
    third.shed = True
    assert counter.counts(13.5) == Counts(offered=3, started=2, shed=1)
    fourth.submitted_at = 15.5
    assert counter.counts(20.0) == Counts(offered=4, started=2, shed=1), "one began too late"
    assert counter.counts(30.0) == counter.counts(20.0)


def test_it_is_complete_when_the_last_arrival_was_offered() -> None:
    counter = ArrivalCounter(0.0, 5.0)
    watched = counter.watch([Arrival(1.0), Arrival(2.0)])
    assert [next(watched).intended_at, next(watched).intended_at] == [1.0, 2.0]
    assert not counter.complete
    assert list(watched) == []
    assert counter.complete
    assert counter.seconds(3.0) == 3.0
    assert counter.seconds(9.0) == 5.0


def test_a_stop_ends_what_is_offered() -> None:
    counter = ArrivalCounter(0.0, 5.0)
    one, _, _ = fed(counter, 1.0, 2.0, 4.0)
    one.submitted_at = 1.0
    counter.stop(3.0)
    assert counter.counts(9.0) == Counts(offered=2, started=1)
    assert counter.seconds(9.0) == 3.0
    counter.stop(4.0)
    assert counter.seconds(9.0) == 3.0, "the first end counts"


def test_what_is_decided_is_not_kept() -> None:
    counter = ArrivalCounter(0.0, 1e9)
    endless = counter.watch(Arrival(float(at)) for at in numbers())
    for _ in range(1000):
        next(endless).submitted_at = 1.0
    assert counter.counts(1e6) == Counts(offered=1000, started=1000)
    assert len(counter._undecided) == 0


@pytest.mark.parametrize("now", [0.0, 1.0])
def test_nothing_was_offered_at_the_beginning(now: float) -> None:
    assert ArrivalCounter(0.0, 5.0).counts(now) == Counts()
