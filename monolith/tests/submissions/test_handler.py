"""The Lambda handler: SQS batches and direct calls."""

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from imaging.recognizers.synthetic import Synthetic
from recognition.errors import MalformedMessage, TooLittleTime
from submissions import services
from submissions.handler import handler
from submissions.models import State, Submission
from submissions.services import NewImage, submission_claim, submission_create
from submissions.time_limit import TimeLimitReached, time_limit
from tests.conftest import image_bytes

pytestmark = pytest.mark.django_db


@dataclass
class FakeContext:
    """The context of a call that has `seconds` left."""

    seconds: float = 40
    aws_request_id: str = "lambda-request"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


CONTEXT = FakeContext()


@pytest.fixture
def submission() -> Submission:
    return create()


def create() -> Submission:
    response = submission_create(
        account_id=uuid4(), image=NewImage(data=image_bytes(), media_type="image/jpeg")
    )
    return Submission.objects.get(id=response.document["id"])


def request(submission: Submission, attempt: int = 1) -> dict[str, Any]:
    return {"submission_id": str(submission.id), "attempt": attempt}


def record(body: object, *, received: int = 1, message_id: str = "1") -> dict[str, Any]:
    return {
        "messageId": message_id,
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(received)},
    }


def test_a_direct_call(submission: Submission) -> None:
    response = handler(request(submission), CONTEXT)
    assert response == {**request(submission), "state": "succeeded"}
    submission.refresh_from_db()
    assert submission.detection_count == 1


@pytest.mark.parametrize(
    "body",
    [[], {}, {"submission_id": "x", "attempt": 1}, {"submission_id": str(uuid4()), "attempt": 0}],
    ids=["list", "empty", "no UUID", "no attempt"],
)
def test_a_direct_call_that_cannot_be_understood(body: Any) -> None:
    with pytest.raises(MalformedMessage):
        handler(body, CONTEXT)


def test_a_batch(submission: Submission) -> None:
    other = create()
    records = [record(request(submission)), record("no json"), record({}), record(request(other))]
    assert handler({"Records": records}, CONTEXT) == {"batchItemFailures": []}
    states = Submission.objects.values_list("state", flat=True)
    assert list(states) == [State.SUCCEEDED, State.SUCCEEDED]


def test_ten_deliveries_are_one_attempt(submission: Submission) -> None:
    for received in range(1, 11):
        handler({"Records": [record(request(submission), received=received)]}, CONTEXT)
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED
    assert submission.attempt == 1


def test_a_record_whose_function_was_killed_is_not_run_uncounted(submission: Submission) -> None:
    submission_claim(submission_id=submission.id, attempt=1)
    handler({"Records": [record(request(submission), received=2)]}, CONTEXT)
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PENDING, 2)


def test_a_record_that_was_only_throttled_is_the_same_attempt(submission: Submission) -> None:
    handler({"Records": [record(request(submission), received=3)]}, CONTEXT)
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 1)


def test_the_time_that_the_context_leaves_is_the_limit(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Synthetic(cpu_ms=0, wait_ms=20_000)
    monkeypatch.setattr("recognition.services._recognizer", lambda: slow)
    started = time.monotonic()
    handler({"Records": [record(request(submission))]}, FakeContext(seconds=7.5))
    assert 2 < time.monotonic() - started < 15
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PENDING, 2)


def test_without_time_for_an_attempt_a_record_comes_again(submission: Submission) -> None:
    late = FakeContext(seconds=6)
    response = handler({"Records": [record(request(submission), message_id="7")]}, late)
    assert response == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    with pytest.raises(TooLittleTime):
        handler(request(submission), late)
    submission.refresh_from_db()
    assert submission.state == State.PENDING


def test_without_the_database_a_record_comes_again(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(services, "submission_claim", unavailable)
    monkeypatch.setattr(services, "submission_fail", unavailable)
    monkeypatch.setattr("submissions.handler._RESERVE_SECONDS", 1.5)
    limited = FakeContext(seconds=3.6)
    response = handler({"Records": [record(request(submission), message_id="42")]}, limited)
    assert response == {"batchItemFailures": [{"itemIdentifier": "42"}]}


def test_a_block_without_an_end_is_interrupted() -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitReached), time_limit(0.1):
        time.sleep(20)
    assert time.monotonic() - started < 10


def test_a_block_in_time_is_not_interrupted_later() -> None:
    with time_limit(0.1):
        pass
    time.sleep(0.3)
