"""The Lambda handler: SQS batches and direct calls."""

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from imaging.recognizers.synthetic import Synthetic
from recognition.bootstrap import dependencies
from recognition.errors import MalformedMessage, TooLittleTime
from recognition.handler import handler
from recognition.messages import Outgoing
from recognition.time_limit import TimeLimitReached, time_limit
from tests.backing_services import Broker, upload_request
from tests.contract import assert_keeps_contract

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass
class FakeContext:
    """The context of a call that has `seconds` left."""

    seconds: float = 40
    aws_request_id: str = "lambda-request"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


CONTEXT = FakeContext()


def _record(
    body: object, *, received: int = 1, message_id: str = "1", request_id: str = ""
) -> dict[str, Any]:
    attribute = {"request_id": {"dataType": "String", "stringValue": request_id}}
    return {
        "messageAttributes": attribute if request_id else {},
        "messageId": message_id,
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(received)},
    }


def test_a_direct_call(broker: Broker, upload: str) -> None:
    body = upload_request(upload)
    response = handler(body, CONTEXT)
    assert response["message"] == "recognition.completed"
    assert_keeps_contract(Outgoing(response["message"], response["body"]))
    assert broker.outcomes() == [
        ("recognition.started", broker.outcomes()[0][1]),
        ("recognition.completed", response["body"]),
    ]
    assert {message["headers"]["request_id"] for message in broker.raw_outcomes()} == {
        "lambda-request"
    }


def test_a_direct_call_that_cannot_be_understood(broker: Broker) -> None:
    with pytest.raises(MalformedMessage):
        handler({"submission_id": "x"}, CONTEXT)


def test_a_batch(broker: Broker, upload: str) -> None:
    fresh, again = upload_request(upload), upload_request(upload)
    response = handler(
        {
            "Records": [
                _record(fresh),
                _record("no json"),
                _record({"submission_id": "x"}),
                _record(again, received=2),
            ]
        },
        CONTEXT,
    )
    assert response == {"batchItemFailures": []}
    outcomes = [(name, body["submission_id"]) for name, body in broker.outcomes()]
    assert outcomes == [
        ("recognition.started", fresh["submission_id"]),
        ("recognition.completed", fresh["submission_id"]),
        ("recognition.failed", again["submission_id"]),
    ]
    assert broker.outcomes()[2][1]["code"] == "recognizer-crashed"


def test_without_the_broker_a_record_comes_again(
    broker: Broker, upload: str, s3: "S3Client"
) -> None:
    broker.stop()
    try:
        record = _record(upload_request(upload), message_id="42")
        response = handler({"Records": [record]}, CONTEXT)
    finally:
        broker.start()
    assert response == {"batchItemFailures": [{"itemIdentifier": "42"}]}


def test_the_sender_s_request_id_is_kept(broker: Broker, upload: str) -> None:
    handler({"Records": [_record(upload_request(upload), request_id="of-the-sender")]}, CONTEXT)
    found = {message["headers"]["request_id"] for message in broker.raw_outcomes()}
    assert found == {"of-the-sender"}


def test_the_time_that_the_context_leaves_is_the_limit(
    broker: Broker, upload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = replace(dependencies(), recognizer=Synthetic(cpu_ms=0, wait_ms=20_000))
    monkeypatch.setattr("recognition.handler._DEPENDENCIES", slow)
    started = time.monotonic()
    response = handler(upload_request(upload), FakeContext(seconds=7.5))
    assert 2 < time.monotonic() - started < 15
    assert response["message"] == "recognition.failed"
    assert response["body"]["code"] == "timed-out"


def test_without_time_for_an_attempt_a_record_comes_again(broker: Broker, upload: str) -> None:
    late = FakeContext(seconds=6)
    response = handler({"Records": [_record(upload_request(upload), message_id="7")]}, late)
    assert response == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    assert broker.outcomes() == []
    with pytest.raises(TooLittleTime):
        handler(upload_request(upload), late)


def test_a_block_without_an_end_is_interrupted() -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitReached), time_limit(0.1):
        time.sleep(20)
    assert time.monotonic() - started < 10


def test_a_block_in_time_is_not_interrupted_later() -> None:
    with time_limit(0.1):
        pass
    time.sleep(0.3)
