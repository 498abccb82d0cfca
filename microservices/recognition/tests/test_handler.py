"""The Lambda handler: SQS batches and direct calls."""

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from recognition.errors import MalformedMessage
from recognition.handler import handler
from recognition.messages import Outgoing
from tests.backing_services import Broker, upload_request
from tests.contract import assert_keeps_contract

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONTEXT = SimpleNamespace(aws_request_id="lambda-request")


def _record(body: object, *, received: int = 1, message_id: str = "1") -> dict[str, Any]:
    return {
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
