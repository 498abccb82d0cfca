"""The messages to the function's queue."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
import structlog
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from submissions import broker, sqs, sweeper
from submissions.messages import waiting_count
from submissions.models import OutboxMessage, State, Submission
from submissions.services import NewImage, submission_create
from tests.ports import free_port
from tests.recognition import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty queue of the function, which makes the attempts."""
    monkeypatch.setattr(sqs, "gate", broker.Gate())
    # The emulator takes longer than the product waits, at first and on a busy machine.
    monkeypatch.setattr(sqs, "TIMEOUT_SECONDS", 30)
    sqs._client.cache_clear()
    owner = boto3.client("sqs", region_name=settings.AWS_REGION)
    url: str = owner.create_queue(QueueName=f"recognition-{uuid4().hex}")["QueueUrl"]
    settings.RECOGNITION, settings.RECOGNITION_QUEUE_URL = "lambda", url
    yield url
    sqs._client.cache_clear()
    owner.delete_queue(QueueUrl=url)


def create(capture: DjangoCaptureOnCommitCallbacks) -> Submission:
    with capture(execute=True):
        response = submission_create(account_id=uuid4(), image=NewImage(url="http://x.org/"))
    return Submission.objects.get(id=response.document["id"])


def messages(queue: str) -> list[dict[str, Any]]:
    """Take at most ten messages from the queue; they stay invisible."""
    found: list[dict[str, Any]] = (
        sqs._client()
        .receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        .get("Messages", [])
    )
    return found


def test_a_request_is_json_without_an_envelope(
    queue: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with structlog.contextvars.bound_contextvars(request_id="of-the-client"):
        submission = create(django_capture_on_commit_callbacks)
    (message,) = messages(queue)
    body = json.loads(message["Body"])
    kept("recognition.requested", body)
    assert (body["submission_id"], body["attempt"]) == (str(submission.id), 1)
    assert message["MessageAttributes"]["request_id"]["StringValue"] == "of-the-client"
    assert not OutboxMessage.objects.exists()


def test_what_the_function_has_taken_waits_too(
    queue: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    create(django_capture_on_commit_callbacks)
    create(django_capture_on_commit_callbacks)
    sqs._client().receive_message(QueueUrl=queue, MaxNumberOfMessages=1)
    assert waiting_count() == 2


def test_a_lost_message_is_sent_again(
    queue: str,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    Submission.objects.update(dispatch_after=submission.created_at)
    assert sweeper.attempts_dispatch() == 0  # it is there
    sqs._client().purge_queue(QueueUrl=queue)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeper.attempts_dispatch() == 1
    (message,) = messages(queue)
    assert json.loads(message["Body"])["submission_id"] == str(submission.id)


def test_a_running_attempt_hides_no_lost_message(
    queue: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    running = create(django_capture_on_commit_callbacks)
    messages(queue)
    Submission.objects.filter(id=running.id).update(state=State.PROCESSING)
    lost = create(django_capture_on_commit_callbacks)
    (message,) = sqs._client().receive_message(QueueUrl=queue)["Messages"]
    sqs._client().delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    Submission.objects.filter(id=lost.id).update(dispatch_after=lost.created_at)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeper.attempts_dispatch() == 1
    (message,) = messages(queue)
    assert json.loads(message["Body"])["submission_id"] == str(lost.id)


def test_without_the_queue_a_request_is_sent_later(
    queue: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sqs._client.cache_clear()
    with monkeypatch.context() as away:
        away.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{free_port()}")
        create(django_capture_on_commit_callbacks)
        with pytest.raises(OSError, match="Could not connect"):
            waiting_count()
    sqs._client.cache_clear()
    assert OutboxMessage.objects.count() == 1
    assert "the recognition function's message is not sent yet" in caplog.text
    monkeypatch.setattr(sqs, "gate", broker.Gate())
    OutboxMessage.objects.update(publish_after=timezone.now())
    assert sweeper.messages_publish() == 1
    assert len(messages(queue)) == 1


def test_without_credentials_the_log_has_the_reason(
    queue: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sqs._client.cache_clear()
    with monkeypatch.context() as without:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            without.delenv(name)
        without.setenv("AWS_EC2_METADATA_DISABLED", "true")
        without.setattr("boto3.DEFAULT_SESSION", None)
        create(django_capture_on_commit_callbacks)
    sqs._client.cache_clear()
    assert "Unable to locate credentials" in caplog.text
    assert messages(queue) == []


def test_a_worker_s_requests_do_not_go_there(
    queue: str,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.RECOGNITION = "celery"
    create(django_capture_on_commit_callbacks)
    assert not OutboxMessage.objects.exists()
    assert messages(queue) == []
