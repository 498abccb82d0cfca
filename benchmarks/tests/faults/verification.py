"""The verification that a target kept what it accepted, after each fault test."""

import time
from collections.abc import Callable, Collection
from weakref import WeakKeyDictionary

import boto3
from mypy_boto3_s3 import S3Client

from benchmarks.oracle import History, Violation, check, settled_violations
from benchmarks.reliability.records import Record
from benchmarks.targets import Target

SETTLE_SECONDS = 150.0  # more than the grace of left-over uploads and the sweeper's interval
RESTARTED_SECONDS = 90.0
WEB = {"monolith": "monolith-web", "microservices": "submissions-web"}
RECOGNIZING = {"monolith": "monolith-worker", "microservices": "recognition-worker"}
# What may have stopped taking work for good, beside the worker.
STUCK = {"monolith": ["monolith-sweeper"], "microservices": ["submissions-consumer"]}
_KNOWN: WeakKeyDictionary[History, list[Violation]] = WeakKeyDictionary()


def known_violations(history: History) -> list[Violation]:
    """Return the list of what earlier tests left on the target, to be filled and read."""
    return _KNOWN.setdefault(history, [])


def left_by_others(target: Target) -> list[Violation]:
    """Restart workers that no longer work; return what earlier tests left on the target."""
    left = check(History(), target.inventory())
    if any(it.kind == "unfinished" for it in left):
        for name in {RECOGNIZING[target.arch], *STUCK[target.arch]}:
            target.restart(name)
        seconds_until(lambda: not unfinished(target), timeout_seconds=RESTARTED_SECONDS)
        left = check(History(), target.inventory())
    return left


def unfinished(target: Target) -> bool:
    """Return whether a row isn't final."""
    return any(it.kind == "unfinished" for it in check(History(), target.inventory()))


def assert_nothing_lost_or_doubled(
    target: Target,
    history: History,
    record: Record | None = None,
    *,
    states: Collection[str] = ("succeeded",),
) -> None:
    """Assert that there is no violation, and that accepted submissions ended in these states.

    The uploaded original goes a moment after the state is final, and a row whose 202 never reached
    the client may still wait for the end of a dead worker's lease; hence several looks.
    """
    known = known_violations(history)
    violations = settled_violations(target, history, timeout_seconds=SETTLE_SECONDS, known=known)
    if record is not None:
        record.kept(violations)
    assert violations == []
    rows = target.inventory().rows
    kept = set(history.accepted) - history.deleted
    assert {rows[key].state for key in kept if key in rows} <= set(states)


def seconds_until(condition: Callable[[], bool], *, timeout_seconds: float) -> float:
    """Wait until a condition holds; return the seconds, more than the limit if it never did."""
    started = time.monotonic()
    while not condition() and time.monotonic() - started <= timeout_seconds:
        time.sleep(0.1)
    return time.monotonic() - started


def store_of(target: Target) -> S3Client:
    settings = target.store_environment()
    return boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL_S3"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
