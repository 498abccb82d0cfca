"""The worker as the Procfile starts it, with the faults that it must survive."""

import os
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from recognition.messages import Outgoing
from tests.backing_services import Broker, Worker, upload_request, wait_for, worker
from tests.contract import assert_keeps_contract

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = [pytest.mark.usefixtures("s3"), pytest.mark.slow]
SLOW = "1000"


@pytest.fixture(scope="module")
def slow_worker(_broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """One worker for several tests: each image takes 1 s, the time limit is 3 s."""
    log = tmp_path_factory.mktemp("worker") / "log"
    with worker(log, SYNTHETIC_WAIT_MS=SLOW, TIME_LIMIT_SECONDS="3") as running:
        yield running


def test_a_request_ends_as_two_messages(
    broker: Broker, slow_worker: Worker, upload: str, s3: "S3Client"
) -> None:
    body = upload_request(upload)
    broker.request(body)
    name, outcome = broker.final(body["submission_id"])
    assert name == "recognition.completed"
    assert [name for name, _ in broker.outcomes()] == [
        "recognition.started",
        "recognition.completed",
    ]
    for published, published_body in broker.outcomes():
        assert_keeps_contract(Outgoing(published, published_body))  # type: ignore[arg-type]
    for message in broker.raw_outcomes():
        assert message["headers"]["request_id"] == "test-request"
    s3.head_object(Bucket=outcome["result"]["bucket"], Key=outcome["result"]["key"])
    s3.head_object(Bucket=outcome["image"]["bucket"], Key=outcome["image"]["key"])
    wait_for(lambda: broker.client.hlen("unacked") == 0, seconds=5)


def test_what_cannot_be_understood_is_dropped_once(
    broker: Broker, slow_worker: Worker, upload: str
) -> None:
    broker.request({"submission_id": "x"})
    broker.request("no object")
    broker.request({}, name="recognition.unheard-of")
    broker.client.lpush("recognition", b'{"body": "no message of Celery"}')
    good = upload_request(upload)
    broker.request(good)
    assert broker.final(good["submission_id"])[0] == "recognition.completed"
    wait_for(lambda: broker.client.hlen("unacked") == 0, seconds=5)
    assert broker.client.llen("recognition") == 0
    assert {body["submission_id"] for _, body in broker.outcomes()} == {good["submission_id"]}


def test_a_killed_child_ends_as_a_crash_and_its_image_is_not_run_again(
    broker: Broker, slow_worker: Worker, upload: str
) -> None:
    body, next_one = upload_request(upload), upload_request(upload)
    broker.request(body)
    broker.started(body["submission_id"])
    (child,) = slow_worker.children()
    os.kill(child, signal.SIGKILL)
    name, outcome = broker.final(body["submission_id"])
    assert (name, outcome["code"], outcome["retryable"]) == (
        "recognition.failed",
        "recognizer-crashed",
        True,
    )
    broker.request(next_one)
    assert broker.final(next_one["submission_id"])[0] == "recognition.completed"
    assert [
        name for name, one in broker.outcomes() if one["submission_id"] == body["submission_id"]
    ] == [
        "recognition.started",
        "recognition.failed",
    ]


def test_a_redelivered_message_whose_result_is_there_is_completed(
    broker: Broker, slow_worker: Worker, upload: str
) -> None:
    body = upload_request(upload)
    broker.request(body)
    first = broker.final(body["submission_id"])[1]
    broker.client.flushall()
    broker.request_again(body)
    name, again = broker.final(body["submission_id"])
    assert name == "recognition.completed"
    assert again["image"] == first["image"]
    assert [name for name, _ in broker.outcomes()] == ["recognition.completed"]


def test_a_stuck_child_is_killed_and_reported(
    broker: Broker, slow_worker: Worker, upload: str
) -> None:
    body, next_one = upload_request(upload), upload_request(upload)
    broker.request(body)
    broker.started(body["submission_id"])
    (child,) = slow_worker.children()
    os.kill(child, signal.SIGSTOP)  # ignores the soft limit, as native code does
    name, outcome = broker.final(body["submission_id"], seconds=20)
    assert (name, outcome["code"], outcome["retryable"]) == (
        "recognition.failed",
        "timed-out",
        True,
    )
    assert_keeps_contract(Outgoing("recognition.failed", outcome))
    broker.request(next_one)
    assert broker.final(next_one["submission_id"])[0] == "recognition.completed"
    wait_for(lambda: broker.client.hlen("unacked") == 0, seconds=5)
    assert len([body for name, body in broker.outcomes() if name == "recognition.failed"]) == 1


def test_an_emptied_broker_is_consumed_from_again(
    broker: Broker, slow_worker: Worker, upload: str
) -> None:
    broker.client.flushall()
    body = upload_request(upload)
    broker.request(body)
    assert broker.final(body["submission_id"], seconds=30)[0] == "recognition.completed"


def test_a_broker_that_dies_mid_job_delays_the_outcome(
    broker: Broker, slow_worker: Worker, upload: str
) -> None:
    body, next_one = upload_request(upload), upload_request(upload)
    broker.request(body)
    broker.started(body["submission_id"])
    broker.stop()
    time.sleep(1.5)
    broker.start()  # with nothing of what it had
    broker.request(next_one)
    assert broker.final(next_one["submission_id"], seconds=30)[0] == "recognition.completed"
    # The outcome of the attempt that waited for the broker arrives too.
    assert broker.final(body["submission_id"], seconds=5)[0] == "recognition.completed"


def test_a_broker_that_is_away_for_longer_than_an_attempt_may_take(
    broker: Broker, slow_worker: Worker, upload: str
) -> None:
    body, next_one = upload_request(upload), upload_request(upload)
    broker.request(body)
    broker.started(body["submission_id"])
    broker.stop()
    time.sleep(4.5)
    broker.start()  # with nothing of what it had
    broker.request(next_one)
    assert broker.final(next_one["submission_id"], seconds=40)[0] == "recognition.completed"
