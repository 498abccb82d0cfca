"""The line: who is let in when, who waits, who is shed. Real greenlets, no Locust."""

import time

import gevent
import pytest

from benchmarks.workload.admission_queue import AdmissionQueue
from benchmarks.workload.arrivals import Arrival


class Slots:
    """A line with slots that note what they were given, and when."""

    def __init__(self, number: int, *, busy_seconds: float = 0.0, most_waiting: int = 2) -> None:
        self.shed: list[Arrival] = []
        self.given: list[tuple[int, Arrival, float]] = []
        self.queue = AdmissionQueue(self.shed.append, most_waiting=most_waiting)
        self.busy_seconds = busy_seconds
        self.greenlets: list[gevent.Greenlet[[int], None]] = []
        for _ in range(number):
            self.add()

    def add(self) -> None:
        self.greenlets.append(gevent.spawn(self._serve, len(self.greenlets)))
        gevent.sleep(0)

    def _serve(self, number: int) -> None:
        while (arrival := self.queue.take()) is not None:
            self.given.append((number, arrival, time.monotonic()))
            gevent.sleep(self.busy_seconds)

    def finish(self) -> None:
        self.queue.close()
        assert len(gevent.joinall(self.greenlets, timeout=5)) == len(self.greenlets)


def soon(*seconds: float) -> list[Arrival]:
    now = time.monotonic()
    return [Arrival(now + it) for it in seconds]


def test_no_arrival_comes_early() -> None:
    slots = Slots(8, most_waiting=100)  # so that none is shed where the machine stands still
    slots.queue.feed(soon(*(number * 0.003 for number in range(100))))
    slots.finish()
    late = [at - arrival.intended_at for _, arrival, at in slots.given]
    assert len(late) == 100
    assert min(late) >= 0
    assert sorted(late)[50] < 0.02


def test_a_generator_that_stood_still_lets_in_late_who_was_due() -> None:
    slots = Slots(8, most_waiting=100)
    feeding = gevent.spawn(slots.queue.feed, arrivals := soon(*(it * 0.01 for it in range(1, 21))))
    gevent.sleep(0)
    time.sleep(0.3)  # no greenlet runs meanwhile
    feeding.join()
    slots.finish()
    assert [it for _, it, _ in slots.given] == arrivals, "in their order, and with their own times"
    assert slots.given[0][2] - slots.given[0][1].intended_at > 0.25
    assert slots.shed == []


def test_who_finds_all_busy_waits_and_beyond_the_bound_is_shed() -> None:
    slots = Slots(2, busy_seconds=0.2, most_waiting=3)
    arrivals = soon(*[0.0] * 8)
    slots.queue.feed(arrivals)
    gevent.sleep(0.05)
    assert [it for _, it, _ in slots.given] == arrivals[:2]
    assert slots.shed == arrivals[5:]
    assert [it.shed for it in arrivals] == [False] * 5 + [True] * 3
    slots.finish()
    assert [it for _, it, _ in slots.given] == arrivals[:5], "who waits still gets a slot"


def test_who_still_waits_can_be_given_up() -> None:
    slots = Slots(1, busy_seconds=0.1)
    arrivals = soon(0.0, 0.0, 0.0)
    slots.queue.feed(arrivals)
    gevent.sleep(0.02)
    slots.queue.shed_waiting()
    slots.finish()
    assert slots.shed == arrivals[1:]
    assert len(slots.given) == 1


def test_the_slot_that_was_busy_last_is_taken_first() -> None:
    slots = Slots(5)
    for arrival in soon(*[0.0] * 20):
        slots.queue.feed([arrival])
        gevent.sleep(0.001)
    slots.finish()
    assert len({number for number, _, _ in slots.given}) == 1, "the others' connections stay cold"


def test_a_closed_queue_admits_no_arrival() -> None:
    slots = Slots(1)
    slots.finish()
    slots.queue.feed(arrivals := soon(0.0))
    assert slots.shed == arrivals


@pytest.mark.parametrize("others", [0, 1])
def test_a_slot_that_is_ended_takes_no_arrival_with_it(others: int) -> None:
    slots = Slots(1 + others)
    assert slots.queue.free == 1 + others
    arrivals = soon(0.0)
    slots.greenlets.pop().kill(block=False)
    slots.queue.feed(arrivals)  # given to the slot that is about to be ended
    gevent.sleep(0.01)
    if others:
        assert [(number, it) for number, it, _ in slots.given] == [(0, arrivals[0])]
    else:
        assert slots.queue.take() is arrivals[0]
    slots.add()
    slots.greenlets.pop().kill()
    assert slots.queue.free == others, "nor does it stay among the free"
    slots.finish()
