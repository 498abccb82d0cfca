"""The outbox and the sweeper."""

import json
import time
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from celery import current_app
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.test import APIClient

from submissions import broker, messages, services, storage, sweeper
from submissions.identifiers import uuid7
from submissions.models import IdempotencyKey, OutboxMessage, State, Submission
from submissions.services import NewImage, submission_create
from tests.attempts import complete, fail
from tests.backing_services import Valkey, procfile_command
from tests.recognition import kept, schema, started
from tests.stores import s3

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    queue_empty()
    yield
    queue_empty()


def queue_empty() -> list[tuple[str, int]]:
    """Take all messages from the queue, if they keep the contract; return id and attempt."""
    with redis.Redis.from_url(django_settings.BROKER_URL) as broker:
        published: Any = broker.lrange(messages.REQUESTED_QUEUE, 0, -1)
        broker.delete(messages.REQUESTED_QUEUE)
    taken = []
    for message in map(json.loads, published):
        ((body,), *_) = json.loads(b64decode(message["body"]))
        kept(message["headers"]["task"], body)
        taken.append((body["submission_id"], body["attempt"]))
    return taken


def create(capture: DjangoCaptureOnCommitCallbacks, *, publish: bool = True) -> Submission:
    with capture(execute=publish):
        response = submission_create(account_id=uuid4(), image=NewImage(url="http://x.org/"))
    return Submission.objects.get(id=response.document["id"])


def overdue(submission: Submission) -> None:
    Submission.objects.filter(id=submission.id).update(
        dispatch_after=timezone.now() - timedelta(seconds=1)
    )


def outbox_due() -> None:
    OutboxMessage.objects.update(publish_after=timezone.now() - timedelta(seconds=1))


def test_the_queues_are_the_contract_s() -> None:
    assert schema("recognition.requested")["x-queue"] == messages.REQUESTED_QUEUE
    for outcome in ("started", "completed", "failed"):
        assert schema(f"recognition.{outcome}")["x-queue"] == messages.OUTCOME_QUEUE
    assert f" --queues {messages.OUTCOME_QUEUE} " in procfile_command(ROOT, "consumer")


def test_a_new_submission_is_published_on_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    assert not OutboxMessage.objects.exists()
    assert sweeper.messages_publish() == 0
    assert queue_empty() == [(str(submission.id), 1)]


def test_the_message_locates_the_image(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks():
        for image in (NewImage(url="http://x.org/a"), NewImage(data=b"b", media_type="image/png")):
            submission_create(account_id=uuid4(), image=image)
    by_url, upload = OutboxMessage.objects.order_by("id")
    assert by_url.body["image"] == {"kind": "url", "url": "http://x.org/a"}
    id_ = upload.body["submission_id"]
    assert upload.body["image"] == {"kind": "upload", "bucket": "images", "key": f"uploads/{id_}"}
    for message in (by_url, upload):
        kept(message.name, message.body)


def test_a_message_carries_the_request_s_id(
    owner: APIClient, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks():
        owner.post(
            "/api/v1/submissions",
            {"image_url": "http://x.org/"},
            format="json",
            headers={"X-Request-Id": "r-1"},
        )
    outbox_due()
    assert sweeper.messages_publish() == 1
    with redis.Redis.from_url(django_settings.BROKER_URL) as broker:
        published: Any = broker.lindex(messages.REQUESTED_QUEUE, 0)
    assert json.loads(published)["headers"]["request_id"] == "r-1"


def test_what_its_process_did_not_publish_the_sweeper_does(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks, publish=False)
    assert sweeper.messages_publish() == 0  # its process may still publish it
    outbox_due()
    assert sweeper.messages_publish() == 1
    assert sweeper.messages_publish() == 0
    assert queue_empty() == [(str(submission.id), 1)]


@pytest.mark.parametrize("then", ["finished", "deleted", "another attempt"])
def test_a_message_of_no_current_attempt_is_not_published(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, then: str
) -> None:
    """Its process published it, and ended before it could delete it."""
    submission = create(django_capture_on_commit_callbacks, publish=False)
    if then == "deleted":
        services.submission_delete(
            account_id=submission.account_id, submission_id=str(submission.id)
        )
    else:
        services.submission_claim(submission_id=submission.id, attempt=1)
    if then == "finished":
        complete(submission, 1)
    if then == "another attempt":
        assert fail(submission, 1, retryable=True)
    outbox_due()
    due = OutboxMessage.objects.count()
    assert sweeper.messages_publish() == due  # a full batch means that there are more
    assert queue_empty() == ([(str(submission.id), 2)] if then == "another attempt" else [])
    assert not OutboxMessage.objects.exists()


def test_the_message_of_an_attempt_whose_worker_died_is_published_although_it_has_begun(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Two consumers: `recognition.failed` was recorded before the `recognition.started`."""
    submission = create(django_capture_on_commit_callbacks)
    queue_empty()
    assert fail(submission, 1, retryable=True, code="recognizer-crashed")
    assert services.submission_claim(submission_id=submission.id, attempt=1)
    outbox_due()
    assert sweeper.messages_publish() == 1
    assert queue_empty() == [(str(submission.id), 1)]


def test_its_process_has_less_than_ten_seconds(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks, publish=False)
    due = OutboxMessage.objects.get().publish_after
    assert due - submission.created_at < timedelta(seconds=9)


def test_a_retry_is_published_after_its_pause(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    services.submission_claim(submission_id=submission.id, attempt=1)
    services.submission_fail(
        submission_id=submission.id, attempt=1, code="timed-out", detail="d", retryable=True
    )
    queue_empty()
    assert sweeper.messages_publish() == 0
    outbox_due()
    assert sweeper.messages_publish() == 1
    assert sweeper.attempts_dispatch() == 0
    assert queue_empty() == [(str(submission.id), 2)]


def test_a_lost_message_is_sent_again(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    overdue(submission)
    queue_empty()  # as FLUSHALL does
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeper.attempts_dispatch() == 1
    assert sweeper.attempts_dispatch() == 0
    assert queue_empty() == [(str(submission.id), 1)]


def test_a_backlog_is_not_sent_again(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for _ in range(3):
        overdue(create(django_capture_on_commit_callbacks))
    assert sweeper.attempts_dispatch() == 0
    assert len(queue_empty()) == 3


def test_of_a_backlog_only_what_is_lost_is_sent_again(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    lost = create(django_capture_on_commit_callbacks)
    queue_empty()
    overdue(lost)
    young = [create(django_capture_on_commit_callbacks) for _ in range(3)]
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeper.attempts_dispatch() == 1
    assert {id_ for id_, _ in queue_empty()} == {str(row.id) for row in [lost, *young]}


def test_an_attempt_whose_lease_ended_fails(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    services.submission_claim(submission_id=submission.id, attempt=1)
    assert sweeper.attempts_expire() == 0
    Submission.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert sweeper.attempts_expire() == 1
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PENDING, 2)


def test_attempts_that_never_finish_come_to_an_end(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    for attempt in range(1, 5):
        assert services.submission_claim(submission_id=submission.id, attempt=attempt)
        Submission.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        assert sweeper.attempts_expire() == 1
    submission.refresh_from_db()
    assert (submission.state, submission.error_code) == (State.FAILED, "recognizer-crashed")
    assert sweeper.attempts_expire() == 0


def _upload(submission_id: UUID) -> str:
    storage.upload_put(submission_id=submission_id, data=b"left")
    return storage.upload_key(submission_id)


@pytest.mark.usefixtures("_patient_sweeper")
def test_leftover_uploads_and_old_keys_go(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
) -> None:
    open_, final = (create(django_capture_on_commit_callbacks) for _ in range(2))
    services.submission_claim(submission_id=final.id, attempt=1)
    services.submission_fail(
        submission_id=final.id, attempt=1, code="image-corrupt", detail="d", retryable=False
    )
    kept, gone = _upload(open_.id), {_upload(final.id), _upload(uuid7())}
    IdempotencyKey.objects.create(
        account_id=uuid4(),
        key="old",
        fingerprint=b"f",
        answer="{}",
        created_at=timezone.now() - timedelta(days=2),
    )
    assert sum(sweeper.leftovers_purge()) == 1  # the uploads are too young
    settings.LEFTOVER_GRACE = timedelta(seconds=-5)
    assert sum(sweeper.leftovers_purge()) >= 2
    listing = s3().list_objects_v2(Bucket=django_settings.IMAGE_BUCKET, Prefix="uploads/")
    left = {entry["Key"] for entry in listing["Contents"]}
    assert kept in left
    assert not gone & left


def test_outcomes_that_wait_are_no_loss(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Recognition has taken the message; its outcome waits in the own queue."""
    submission = create(django_capture_on_commit_callbacks)
    overdue(submission)
    queue_empty()
    current_app.send_task(
        "recognition.started", args=[started(submission)], queue=messages.OUTCOME_QUEUE
    )
    assert sweeper.attempts_dispatch() == 0
    with redis.Redis.from_url(django_settings.BROKER_URL) as broker:
        broker.delete(messages.OUTCOME_QUEUE)


def test_the_broker_can_go_and_come_back(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, valkey: Valkey
) -> None:
    create(django_capture_on_commit_callbacks)
    valkey.stop()
    try:
        begun = time.monotonic()
        meanwhile = [create(django_capture_on_commit_callbacks) for _ in range(3)]
        assert time.monotonic() - begun < 3
        assert OutboxMessage.objects.count() == 3
        outbox_due()
        assert sweeper.messages_publish() == 0
        outbox_due()  # which reserved them for a while
        overdue(meanwhile[0])
        assert sweeper.attempts_dispatch() == 0
    finally:
        valkey.start()
    time.sleep(broker._PAUSE_SECONDS)
    assert sweeper.messages_publish() == 3
    after = create(django_capture_on_commit_callbacks)
    assert not OutboxMessage.objects.exists()
    assert {str(row.id) for row in [*meanwhile, after]} <= {id_ for id_, _ in queue_empty()}
