"""The dispatch of attempts to workers, and the sweeper."""

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
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from submissions import broker, dispatch, services, storage, sweeper
from submissions.identifiers import uuid7
from submissions.models import IdempotencyKey, State, Submission
from submissions.services import NewImage, submission_create
from tests.backing_services import Valkey, procfile_command
from tests.stores import s3
from tests.submissions.attempts import claim, fail, postpone

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    queue_empty()
    yield
    queue_empty()


def queue_empty() -> list[tuple[str, int]]:
    """Take all tasks from the queue and return their submissions and attempts."""
    with redis.Redis.from_url(django_settings.BROKER_URL) as broker:
        messages: Any = broker.lrange(dispatch.QUEUE, 0, -1)
        broker.delete(dispatch.QUEUE)
    bodies = [json.loads(b64decode(json.loads(message)["body"])) for message in messages]
    # A task may get further arguments: that is a compatible change.
    return [tuple(arguments[:2]) for arguments, *_ in bodies]


def create(capture: DjangoCaptureOnCommitCallbacks, *, publish: bool = True) -> Submission:
    with capture(execute=publish):
        response = submission_create(account_id=uuid4(), image=NewImage(url="http://x.org/"))
    return Submission.objects.get(id=response.document["id"])


def overdue(submission: Submission) -> None:
    Submission.objects.filter(id=submission.id).update(
        dispatch_after=timezone.now() - timedelta(seconds=1)
    )


def test_the_worker_reads_the_queue() -> None:
    assert f" --queues {dispatch.QUEUE} " in procfile_command(ROOT, "worker")


def test_a_new_submission_is_handed_over_on_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    before = timezone.now()
    submission = create(django_capture_on_commit_callbacks)
    assert submission.dispatched_at is not None
    assert before <= submission.dispatched_at
    assert submission.dispatch_after == submission.dispatched_at + timedelta(seconds=30)
    assert sweeper.attempts_dispatch() == 0
    assert queue_empty() == [(str(submission.id), 1)]


@pytest.mark.parametrize("then", ["claimed", "postponed", "failed"])
def test_a_late_mark_changes_no_attempt_that_has_begun(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, then: str
) -> None:
    """The mark comes up to a second after the message, when a worker may be done with it."""
    submission = create(django_capture_on_commit_callbacks, publish=False)
    claim(submission, 1)
    if then == "postponed":
        assert postpone(submission, 1, retry_after_seconds=5)
    elif then == "failed":
        assert fail(submission, 1, retryable=True)
    before = Submission.objects.values().get(id=submission.id)
    dispatch.published_mark([submission.id])
    assert Submission.objects.values().get(id=submission.id) == before


def test_what_its_process_did_not_hand_over_the_sweeper_does(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks, publish=False)
    assert submission.dispatched_at is None
    assert sweeper.attempts_dispatch() == 0  # its process may still publish it
    overdue(submission)
    assert sweeper.attempts_dispatch() == 1
    assert sweeper.attempts_dispatch() == 0
    assert queue_empty() == [(str(submission.id), 1)]


def test_its_process_has_less_than_ten_seconds(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks, publish=False)
    assert submission.dispatch_after - submission.created_at < timedelta(seconds=9)


def test_a_retry_is_handed_over_when_its_pause_is_over(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    services.submission_claim(submission_id=submission.id, attempt=1)
    services.submission_fail(
        submission_id=submission.id, attempt=1, code="timed-out", detail="d", retryable=True
    )
    queue_empty()
    assert sweeper.attempts_dispatch() == 0
    overdue(submission)
    assert sweeper.attempts_dispatch() == 1
    assert queue_empty() == [(str(submission.id), 2)]


def test_a_lost_message_is_sent_again(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = create(django_capture_on_commit_callbacks)
    overdue(submission)
    queue_empty()  # as FLUSHALL does
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


def test_the_broker_can_go_and_come_back(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    valkey: Valkey,
    settings: Settings,
) -> None:
    create(django_capture_on_commit_callbacks)
    valkey.stop()
    try:
        begun = time.monotonic()
        meanwhile = [create(django_capture_on_commit_callbacks) for _ in range(3)]
        assert time.monotonic() - begun < 3
        assert all(row.dispatched_at is None for row in meanwhile)
    finally:
        valkey.start()
    time.sleep(broker._PAUSE_SECONDS)
    for row in meanwhile:
        overdue(row)
    assert sweeper.attempts_dispatch() == 3
    after = create(django_capture_on_commit_callbacks)
    assert after.dispatched_at is not None
    assert {str(row.id) for row in [*meanwhile, after]} <= {id_ for id_, _ in queue_empty()}
