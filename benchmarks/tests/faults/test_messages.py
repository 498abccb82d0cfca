"""Messages that come often, never, or kill who takes them; and requests with one key."""

import io
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import redis
from PIL import Image

from benchmarks.oracle import History, RecordingClient
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.injection import Overrides, killed
from benchmarks.tests.faults.verification import (
    RECOGNIZING,
    WEB,
    assert_nothing_lost_or_doubled,
    seconds_until,
)

QUEUE = "recognition"
POISON = (333, 222)
MAX_ATTEMPTS = 4
DRAIN_SECONDS = 90.0


@pytest.mark.row("one-key")
def test_50_posts_at_once_with_one_key(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    key = uuid.uuid4().hex
    with ThreadPoolExecutor(50) as pool:
        exchanges = list(pool.map(lambda _: recorder.submit(key), range(50)))
    statuses = [it.status for it in exchanges]
    ids = {it.event.submission_id for it in exchanges if it.event.accepted}
    record.note("202", statuses.count(202))
    record.note("409", statuses.count(409))
    assert set(statuses) <= {202, 409}
    record.at_most("ids", len(ids), 1, "")
    recorder.drain(timeout_seconds=DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


def broker_of(target: Target) -> redis.Redis:
    """A client of the target's broker."""
    for process in target.processes:
        if "BROKER_URL" in process.spec.environment:
            return redis.Redis.from_url(process.spec.environment["BROKER_URL"])
    raise AssertionError("no process knows the broker")


def again(message: bytes) -> bytes:
    """The same message as another delivery."""
    envelope = json.loads(message)
    envelope["properties"]["delivery_tag"] = str(uuid.uuid4())
    return json.dumps(envelope).encode()


@pytest.mark.row("delivered-often")
def test_a_message_delivered_10_times(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    worker = RECOGNIZING[target.arch]
    target.scale(worker, 2)
    try:
        with killed(target, worker), broker_of(target) as broker:
            (submission_id,) = recorder.submit_accepted(1)
            waiting = seconds_until(lambda: broker.llen(QUEUE) > 0, timeout_seconds=10)
            assert waiting < 10
            (message,) = broker.lrange(QUEUE, 0, -1)
            broker.lpush(QUEUE, *(again(message) for _ in range(9)))
            deliveries = broker.llen(QUEUE)
            assert deliveries == 10
            record.note("deliveries", deliveries)
        recorder.drain(timeout_seconds=DRAIN_SECONDS)
        with broker_of(target) as broker:
            consumed = seconds_until(lambda: broker.llen(QUEUE) == 0, timeout_seconds=30)
        record.at_most("consumed after", consumed, 30)
        recorder.result(submission_id)
        time.sleep(1)
        recorder.result(submission_id)
        record.at_most("attempts", attempts_of(target, submission_id), 1, "")
        assert_nothing_lost_or_doubled(target, recorder.history, record)
    finally:
        target.scale(worker, 1)


def attempts_of(target: Target, submission_id: str) -> int:
    """Which attempt the row is at."""
    with psycopg.connect(target.store_environment()["DATABASE_URL"]) as connection:
        statement = "SELECT attempt FROM submissions_submission WHERE id = %s"
        row = connection.execute(statement, [submission_id]).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.row("web-killed")
def test_a_web_process_killed_between_commit_and_publish(
    target: Target, recorder: RecordingClient, record: Record, overrides: Overrides
) -> None:
    key = uuid.uuid4().hex
    overrides.kill_before_publish()
    try:
        first = recorder.submit(key)
    finally:
        overrides.clear()
    web = target.find(WEB[target.arch])
    # The server's main process ends soon after its child; then it is started again.
    ended = seconds_until(lambda: not all(it.alive for it in web), timeout_seconds=5)
    if ended < 5:
        target.restart(WEB[target.arch])
    target.wait_ready()
    back = time.monotonic()
    assert not first.event.accepted
    second = recorder.submit(key)
    assert second.event.accepted
    (row,) = [
        (key, found)
        for key, found in target.inventory().rows.items()
        if found.account_id == recorder.account_id
    ]
    assert row[0] == second.event.submission_id
    key_final = str(second.event.submission_id)
    recorder.wait_for_state([key_final], "succeeded", timeout_seconds=DRAIN_SECONDS)
    record.at_most("published and done after", time.monotonic() - back, 10 + 5)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


def poisonous() -> bytes:
    """An image of the size that the code override kills for."""
    stream = io.BytesIO()
    Image.new("RGB", POISON, "purple").save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.full
@pytest.mark.row("poison-image")
@pytest.mark.parametrize("effect", ["kill", "balloon", "hang"])
def test_a_poison_image(
    target: Target, history: History, record: Record, overrides: Overrides, effect: str
) -> None:
    neighbour = RecordingClient(target.base_url, history)
    poisoner = RecordingClient(target.base_url, history, image=poisonous())
    overrides.poison(width=POISON[0], height=POISON[1], effect=effect)
    try:
        (poison,) = poisoner.submit_accepted(1)
        others = neighbour.submit_accepted(4)
        started = time.monotonic()
        neighbour.drain(timeout_seconds=DRAIN_SECONDS)
        record.note("neighbours done after", time.monotonic() - started, "s")
        poisoner.drain(timeout_seconds=240)
        took = time.monotonic() - started
    finally:
        overrides.clear()
    rows = target.inventory().rows
    assert rows[poison].state == "failed"
    assert {rows[key].state for key in others} == {"succeeded"}
    record.at_most("attempts", attempts_of(target, poison), MAX_ATTEMPTS, "")
    assert_nothing_lost_or_doubled(target, history, record, states=("succeeded", "failed"))
    record.at_most("failed after", took, 90)
