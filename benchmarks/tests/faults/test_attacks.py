"""Clients that hold back, wait, guess or come in numbers; and deletions at every point."""

import asyncio
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from benchmarks.oracle import Event, RecordingClient, steady_load
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.injection import Overrides, stalled
from benchmarks.tests.faults.holding import Holders
from benchmarks.tests.faults.scenarios import (
    RATES,
    between,
    p99,
    steady_reads,
)
from benchmarks.tests.faults.verification import (
    RECOGNIZING,
    assert_nothing_lost_or_doubled,
    seconds_until,
)
from benchmarks.tests.faults.waiting import wait_at_once

HOLDERS = 500
STEP = 50
UPLOAD_BYTES = 10_300_000
MIB = 2**20
EDGE_MIB = 100.0
GIVE_UP_MIB = 700.0
CUT_SECONDS = 30.0
WAITING = 1000
WAIT_SECONDS = 8
REQUEST_MS = 5  # of the target, for one of them, waiting aside
MOST_DELETIONS = 5
GUESSES = 150
DELETE_POINTS = 8
CAPACITY_SAMPLE = 20


def edge_mib(target: Target) -> float:
    """The edge's memory."""
    return sum(it.rss_bytes for it in target.sample() if it.process == "edge") / MIB


@pytest.mark.full
@pytest.mark.row("held-uploads")
def test_500_uploads_without_a_token_that_hold_back_the_end(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    at_rest, most = edge_mib(target), 0.0
    with steady_reads(recorder), Holders(target.base_url) as holders:
        began = recorder.history.now()
        while len(holders) < HOLDERS and most < GIVE_UP_MIB:
            holders.upload(STEP, UPLOAD_BYTES)
            most = max(most, edge_mib(target) - at_rest)
        time.sleep(3)
        most = max(most, edge_mib(target) - at_rest)
        ended = recorder.history.now()
        record.note("clients", len(holders))
    served = between(recorder.history, began, ended)
    record.note("others: p99", p99(served), "s")
    record.at_most("others: not served", sum(it.status != 200 for it in served), 0, "")
    record.at_most("edge memory added", most, EDGE_MIB, "MiB")


@pytest.mark.full
@pytest.mark.row("slow-clients")
def test_500_idle_sockets(target: Target, recorder: RecordingClient, record: Record) -> None:
    with steady_reads(recorder):
        time.sleep(10)
        before_ended = recorder.history.now()
        with Holders(target.base_url, token=recorder.headers["Authorization"]) as holders:
            holders.slow_headers(170)
            holders.slow_bodies(165)
            holders.slow_readers(165)
            # The opening is over: from here on they only stand there.
            middle, opened = recorder.history.now(), time.monotonic()
            seconds_until(lambda: holders.open() == 0, timeout_seconds=CUT_SECONDS + 5)
            record.note("still open after 35 s", holders.open())
            cut = time.monotonic() - opened
            left = holders.open()
        ended = recorder.history.now()
    before = p99(between(recorder.history, 0, before_ended))
    record.note("others: p99 before", before, "s")
    # Of a hundred requests the p99 is nearly their maximum, which a busy machine moves by itself.
    during = p99(between(recorder.history, middle, ended))
    record.at_most("others: p99", during, max(2 * before, before + 0.25))
    record.at_most("all cut after", cut if left == 0 else CUT_SECONDS + 5, CUT_SECONDS)


@pytest.mark.full
@pytest.mark.row("waiting-clients")
def test_1000_clients_wait(target: Target, recorder: RecordingClient, record: Record) -> None:
    with stalled(target, RECOGNIZING[target.arch]):
        (submission_id,) = recorder.submit_accepted(1)
        before = {it.process: it.cpu_ms for it in target.sample()}
        responses = asyncio.run(
            wait_at_once(
                target.base_url,
                f"/api/v1/submissions/{submission_id}?wait={WAIT_SECONDS}",
                token=recorder.headers["Authorization"],
                clients=WAITING,
                at_least_seconds=WAIT_SECONDS - 0.5,
            )
        )
        used = {it.process: it.cpu_ms - before.get(it.process, 0.0) for it in target.sample()}
    kinds = Counter(responses)
    for kind, count in sorted(kinds.items()):
        record.note(f"clients: {kind}", count)
    # A core's fifth while they wait, and what a thousand requests cost by themselves
    most_ms = 200 * WAIT_SECONDS + REQUEST_MS * WAITING
    record.at_most("CPU of the target", sum(used.values()), most_ms, "ms")
    assert kinds["held to the limit"] > WAITING / 2
    record.at_most("returned early without Retry-After", kinds["early"] + kinds["broken"], 0, "")
    recorder.drain(timeout_seconds=90)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.full
@pytest.mark.row("brute-force")
def test_150_wrong_passwords_at_once(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    body = {"email": recorder.email, "password": "not the pass phrase"}
    url = f"{target.base_url}/api/v1/tokens"
    limits = httpx.Limits(max_connections=None)
    with (
        httpx.Client(timeout=60, trust_env=False, limits=limits) as client,
        ThreadPoolExecutor(GUESSES) as pool,
    ):
        found = list(pool.map(lambda _: client.post(url, json=body), range(GUESSES)))
    statuses = Counter(it.status_code for it in found)
    target.flush_broker()  # the counts of this address are no matter of the next test
    for status, count in sorted(statuses.items()):
        record.note(f"responses {status}", count)
    assert set(statuses) <= {401, 429, 503}
    assert all("retry-after" in it.headers for it in found if it.status_code != 401)
    record.at_most("passwords judged", statuses[401], 10, "")


@pytest.mark.full
@pytest.mark.row("above-capacity")
def test_above_capacity(target: Target, recorder: RecordingClient, record: Record) -> None:
    recorder.submit_accepted(CAPACITY_SAMPLE)
    capacity = CAPACITY_SAMPLE / recorder.drain(timeout_seconds=90)
    record.note("capacity", capacity, "/s")
    with steady_load(recorder, RATES | {"submit": 1.2 * capacity}, seed=record.seed):
        time.sleep(45)
    ended = recorder.history.now()
    submitted = Counter(it.status for it in recorder.history if it.operation == "submit")
    for status, count in sorted(submitted.items(), key=str):
        record.note(f"responses {status}", count)
    assert set(submitted) <= {202, 429, 503}
    recorder.drain(timeout_seconds=90)
    record.at_most("normal again after", recorder.history.now() - ended, 30)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.full
@pytest.mark.row("delete-anywhere")
@pytest.mark.parametrize("order", ["delete-then-kill", "kill-then-delete", "delete-alone"])
def test_deletion_at_every_point_of_an_attempt(
    target: Target, recorder: RecordingClient, record: Record, order: str, repetition: int
) -> None:
    chance = random.Random(record.seed * 1000 + repetition)
    worker = RECOGNIZING[target.arch]
    for point in range(DELETE_POINTS):
        (submission_id,) = recorder.submit_accepted(1)
        time.sleep(0.1 * point + chance.uniform(0, 0.1))
        if order == "kill-then-delete":
            target.kill_children(worker)
        event = delete_until_known(recorder, submission_id)
        assert event.status in {204, 404}
        if order == "delete-then-kill":
            time.sleep(chance.uniform(0, 0.3))
            target.kill_children(worker)
    deleted = set(recorder.history.accepted)
    empty = seconds_until(lambda: not left_of(target, deleted), timeout_seconds=120)
    record.note("empty after", empty, "s")
    record.at_most("rows and objects left", len(left_of(target, deleted)), 0, "")
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.full
@pytest.mark.row("delete-anywhere")
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("call", "key"),
    [
        pytest.param("PutObject", "images/", id="image stored"),
        pytest.param("PutObject", "results/", id="result stored"),
        pytest.param("DeleteObject", "uploads/", id="upload removed"),
    ],
)
def test_deletion_of_what_is_processed_by_an_attempt_that_dies(  # noqa: PLR0917 - by name
    target: Target,
    recorder: RecordingClient,
    record: Record,
    overrides: Overrides,
    call: str,
    key: str,
    done: bool,
) -> None:
    deleted: set[str] = set()
    has_killed = False
    # A deletion that comes before the attempt has read the upload ends it: then with another one.
    while not has_killed and len(deleted) < MOST_DELETIONS:
        (submission_id,) = recorder.submit_accepted(1)
        deleted.add(submission_id)
        recorder.wait_for_state([submission_id], "processing", timeout_seconds=10)
        overrides.kill_at(call, key, done=done)
        try:
            # A deletion removes the upload too: then the web process is the one that dies.
            delete_until_known(recorder, submission_id)
            seconds_until(lambda: overrides.has_killed, timeout_seconds=10)
            has_killed = overrides.has_killed
        finally:
            overrides.clear()
    assert has_killed, f"no process died in {len(deleted)} attempts"
    for process in target.processes:
        if not process.alive:
            target.restart(process.name)
    for submission_id in deleted:
        assert delete_until_known(recorder, submission_id).status in {204, 404}
    empty = seconds_until(lambda: not left_of(target, deleted), timeout_seconds=120)
    record.note("empty after", empty, "s")
    record.at_most("rows and objects left", len(left_of(target, deleted)), 0, "")
    assert_nothing_lost_or_doubled(target, recorder.history, record)


def delete_until_known(recorder: RecordingClient, submission_id: str) -> Event:
    """Repeat a deletion until its outcome is known."""
    for _ in range(10):
        event = recorder.delete(submission_id).event
        if not event.uncertain:
            break
        time.sleep(1)
    return event


def left_of(target: Target, deleted: set[str]) -> list[str]:
    """What is still stored of these submissions."""
    found = target.inventory()
    stored = (*found.rows, *found.results, *found.images, *found.uploads)
    return [key for key in stored if key in deleted]
