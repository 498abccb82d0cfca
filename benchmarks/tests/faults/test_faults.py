"""What both architectures survive: nothing that was accepted is lost, nothing happens twice."""

import signal
import time
import uuid

import httpx
import pytest

from benchmarks.oracle import Exchange, RecordingClient, load
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.injection import stalled
from benchmarks.tests.faults.verification import (
    RECOGNIZING,
    WEB,
    assert_nothing_lost_or_doubled,
    seconds_until,
    store_of,
)

DRAIN_SECONDS = 90.0
CONSUMED_SECONDS = 60.0
PROBLEM = "application/problem+json"


def assert_no_bare_error(attempts: list[Exchange]) -> None:
    """Every response other than 202 is a 503 with problem+json."""
    for attempt in attempts:
        response = attempt.response
        if response is None or attempt.event.accepted:
            continue
        assert response.status_code == httpx.codes.SERVICE_UNAVAILABLE, response.text
        assert response.headers["content-type"] == PROBLEM
        assert response.json()["code"] == "unavailable"
        assert int(response.headers["retry-after"]) >= 1


def assert_each_key_gives_one_id(recorder: RecordingClient, attempts: list[Exchange]) -> None:
    """A client without a response repeats the request with its key: one submission exists."""
    for attempt in attempts:
        again = recorder.submit(attempt.event.key).event
        assert again.accepted, (again.status, again.code)
        if attempt.event.accepted:
            assert again.submission_id == attempt.event.submission_id


def remove_uploads_without_row(target: Target) -> int:
    """A process killed between the upload and the commit leaves an upload without a row.

    In production a lifecycle rule of the bucket removes it; here the test does, and counts them.
    """
    inventory = target.inventory()
    orphans = set(inventory.uploads) - set(inventory.rows)
    settings, store = target.store_environment(), store_of(target)
    for key in orphans:
        store.delete_object(Bucket=settings["IMAGE_BUCKET"], Key=f"uploads/{key}")
    return len(orphans)


@pytest.mark.row("worker-killed")
def test_a_worker_killed_mid_job(target: Target, recorder: RecordingClient, record: Record) -> None:
    ids = recorder.submit_accepted(4)
    recorder.wait_for_state(ids, "processing", timeout_seconds=10)
    target.kill(RECOGNIZING[target.arch], signal.SIGKILL)
    target.restart(RECOGNIZING[target.arch])
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("worker-child-killed")
def test_a_worker_s_child_killed_mid_job(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    ids = recorder.submit_accepted(2)
    recorder.wait_for_state(ids, "processing", timeout_seconds=10)
    target.kill_children(RECOGNIZING[target.arch], signal.SIGKILL)
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), 15)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("worker-killed")
def test_who_looks_after_the_rows_killed(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    # The monolith's counterpart is what looks after unfinished rows.
    other = "monolith-sweeper" if target.arch == "monolith" else "submissions-consumer"
    recorder.submit_accepted(4)
    target.kill(other, signal.SIGKILL)
    recorder.submit_accepted(2)
    target.restart(other)
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("web-killed")
def test_a_web_process_killed_under_load(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    with load(recorder) as attempts:
        time.sleep(1)
        target.kill(WEB[target.arch], signal.SIGKILL)
        time.sleep(3)  # the edge tries for 2 s, and what is back before that breaks nothing
        target.restart(WEB[target.arch])
        time.sleep(1)
    broken = [a for a in attempts if a.response is None or a.response.is_error]
    assert broken
    record.note("requests", len(attempts))
    record.note("errors", len(broken))
    assert_no_bare_error(attempts)
    assert_each_key_gives_one_id(recorder, attempts)
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), DRAIN_SECONDS)
    assert remove_uploads_without_row(target) <= len(broken)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("broker-lost")
def test_the_broker_killed_and_started_again(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    recorder.submit_accepted(3)
    target.kill("valkey", signal.SIGKILL)
    started = time.monotonic()
    attempts = [recorder.submit() for _ in range(3)]
    while time.monotonic() - started < 10:
        time.sleep(0.5)
        attempts.append(recorder.submit())
    target.restart("valkey")
    assert {attempt.status for attempt in attempts} == {httpx.codes.ACCEPTED}
    assert max(attempt.seconds for attempt in attempts) < 5
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), CONSUMED_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("broker-lost")
def test_the_broker_emptied(target: Target, recorder: RecordingClient, record: Record) -> None:
    recorder.submit_accepted(5)
    target.flush_broker()
    recorder.submit_accepted(1)
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), CONSUMED_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("database-lost")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
def test_the_database_away_for_ten_seconds(
    target: Target,
    recorder: RecordingClient,
    number: signal.Signals,
    record: Record,
) -> None:
    recorder.submit_accepted(3)
    (database,) = target.find("postgres")
    target.kill("postgres", number, descendants=number is signal.SIGKILL)
    # On its stop signal it still responds for a moment: a submission sent then is rightly accepted.
    assert seconds_until(lambda: not database.alive, timeout_seconds=10) < 10
    started = time.monotonic()
    refused, reads = [], []
    while time.monotonic() - started < 10:
        refused.append(recorder.submit(uuid.uuid4().hex))
        reads.append(recorder.list().response)
        time.sleep(0.5)
    assert not recorder.ready()
    target.restart("postgres")
    record.at_most("ready after", seconds_until(recorder.ready, timeout_seconds=30), 10)
    assert_no_bare_error(refused)
    assert {it.status for it in refused} == {httpx.codes.SERVICE_UNAVAILABLE}
    assert None not in reads
    seen = {(it.status_code, it.headers["content-type"]) for it in reads if it is not None}
    assert seen == {(httpx.codes.SERVICE_UNAVAILABLE, PROBLEM)}
    assert_each_key_gives_one_id(recorder, refused)
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), DRAIN_SECONDS)
    assert remove_uploads_without_row(target) <= len(refused)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.full
@pytest.mark.row("database-lost")
def test_the_database_paused_for_30_seconds(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    recorder.submit_accepted(3)
    with stalled(target, "postgres"), load(recorder, clients=2, pause_seconds=1) as attempts:
        time.sleep(30)
    record.at_most("ready after", seconds_until(recorder.ready, timeout_seconds=60), 10)
    statuses = {it.status for it in attempts}
    assert statuses <= {202, 503}
    refused = [it.seconds for it in attempts if it.status == 503]
    record.note("slowest 503", max(refused, default=0.0), "s")
    assert_no_bare_error(attempts)
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), CONSUMED_SECONDS)
    remove_uploads_without_row(target)
    assert_nothing_lost_or_doubled(target, recorder.history, record)
