"""What several rows have in common: the light load, its latencies, and the proof of recovery."""

import math
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from benchmarks.oracle import Event, History, RecordingClient, steady_load
from benchmarks.oracle.load import Feature
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.measure.inventory import FINAL_STATES
from benchmarks.tests.faults.verification import assert_nothing_lost_or_doubled, seconds_until

# A few requests a second, so that several deployments fit on two cores at once.
RATES: dict[Feature, float] = {
    "submit": 1.0,
    "sign-in": 0.4,
    "read": 1.0,
    "list": 1.0,
    "page": 0.5,
}
# The features whose requests need a backing service: they may fail while it is broken.
NEEDS: dict[str, frozenset[str]] = {
    "postgres": frozenset({"submit", "read", "list"}),
    "valkey": frozenset({"submit", "sign-in"}),
    "s3": frozenset({"submit"}),
    "dynamodb": frozenset({"sign-in"}),
    "recognizer": frozenset(),
}
WARM_SECONDS = 5.0
AFTER_SECONDS = 5.0
P99_SECONDS = 2.0
FINAL_SECONDS = 60.0
GIVE_UP_SECONDS = 90.0
BARE_ERRORS = frozenset({500, 502, 504})


def p99(events: Collection[Event]) -> float:
    """The 99th percentile of the clients' seconds, of what wasn't refused by a 503; 0 of none."""
    seconds = sorted(it.seconds for it in events if it.status != 503)
    return seconds[math.ceil(0.99 * len(seconds)) - 1] if seconds else 0.0


def between(
    history: History, started: float, ended: float, without: Collection[str] = ()
) -> list[Event]:
    """The events of the load whose request was due in this span, but of some features."""
    return [
        event
        for event in history
        if event.due is not None and started <= event.due < ended and event.operation not in without
    ]


@contextmanager
def under_load(recorder: RecordingClient, record: Record) -> Iterator[None]:
    """The light load, with a warm-up before the block and some seconds after it."""
    with steady_load(recorder, RATES, seed=record.seed * 1000 + record.repetition):
        time.sleep(WARM_SECONDS)
        yield
        time.sleep(AFTER_SECONDS)


def each_of(*checks: Callable[[], None]) -> None:
    """Carry out every check; AssertionError of the first that fails, after all of them.

    So a record has all its figures, and an interrupted test doesn't go on with the next check.
    """
    failures = []
    for check in checks:
        try:
            check()
        except AssertionError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def record_others(
    recorder: RecordingClient, record: Record, service: str, span: tuple[float, float]
) -> None:
    """Record how other features fared while a service was broken, and that nothing gave a 500."""
    history = recorder.history
    without = max(
        p99(between(history, 0.0, span[0])), p99(between(history, span[1], history.now()))
    )
    during = between(history, *span, without=NEEDS[service])
    refused = [it for it in during if it.status == 503]
    record.note("others: requests", len(during))
    record.note("others: 503", len(refused))
    # A busy machine is slow without any fault; a fault must not make that worse than this.
    record.at_most("others: p99", p99(during), max(P99_SECONDS, 2 * without))
    broken = [it for it in history if it.status is not None and it.status in BARE_ERRORS]
    record.at_most("responses 500, 502, 504", len(broken), 0, "")


def record_recovery(
    target: Target, recorder: RecordingClient, record: Record, back_at: float
) -> None:
    """Record when all was final, that new work is done, and what the oracle found.

    `back_at` is when the fault ended, in seconds of the history.
    """
    history = recorder.history
    try:
        recorder.drain(timeout_seconds=GIVE_UP_SECONDS)
        unfinished = 0
    except TimeoutError:
        rows = target.inventory().rows
        unfinished = sum(
            key in rows and rows[key].state not in FINAL_STATES for key in history.accepted
        )
    final_after = history.now() - back_at
    record.note("not final", unfinished)
    record.note("accepted", len(history.accepted))
    started = history.now()
    fresh = seconds_until(lambda: recorder.submit().event.accepted, timeout_seconds=FINAL_SECONDS)
    try:
        recorder.drain(timeout_seconds=FINAL_SECONDS if unfinished == 0 else 1)
    except TimeoutError:
        fresh = FINAL_SECONDS
    record.note("new submission final after", max(fresh, history.now() - started), "s")
    record.at_most("all final after", final_after, FINAL_SECONDS)
    assert_nothing_lost_or_doubled(target, history, record)


@contextmanager
def steady_reads(recorder: RecordingClient) -> Iterator[None]:
    """A light load that only reads: the account's list and the page."""
    with steady_load(recorder, {"list": 5.0, "page": 2.0}):
        yield
