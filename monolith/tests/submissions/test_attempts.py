"""Attempts: each change of state names the attempt that it belongs to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from recognition.models import Detection, Recognition
from recognition.services import UploadSource, UrlSource
from submissions import services, tasks
from submissions.models import State, Submission
from tests.submissions.attempts import claim, complete, created, fail

pytestmark = pytest.mark.django_db


def test_a_claim_is_given_once() -> None:
    submission = created()
    assert claim(submission, 1)
    assert not claim(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.PROCESSING
    assert submission.started_at is not None
    assert submission.lease_expires_at is not None
    lease = submission.lease_expires_at - submission.started_at
    assert lease == timedelta(seconds=45)


@pytest.mark.django_db(transaction=True)
def test_ten_claims_at_once_give_one() -> None:
    submission = created()

    def one(_: int) -> bool:
        try:
            return claim(submission, 1)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(one, range(10))) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_outcomes_at_once_give_one() -> None:
    submission = created()
    claim(submission, 1)

    def one(_: int) -> bool:
        try:
            return complete(submission, 1)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(one, range(10))) == 1
    assert Recognition.objects.count() == 1
    assert Detection.objects.count() == 1


def test_the_outcome_is_rows_and_a_final_state() -> None:
    submission = created()
    claim(submission, 1)
    assert complete(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED
    assert submission.detection_count == 1
    assert (submission.image_media_type, submission.image_bytes) == ("image/gif", 123)
    assert submission.lease_expires_at is None
    assert submission.recognition is not None
    detection = submission.recognition.detections.get()
    assert (detection.left, detection.top, detection.width, detection.height) == (
        0.1,
        0.2,
        0.3,
        0.4,
    )


def test_an_outcome_is_taken_once() -> None:
    submission = created()
    claim(submission, 1)
    assert complete(submission, 1)
    assert not complete(submission, 1)
    assert not fail(submission, 1, retryable=True)
    assert Recognition.objects.count() == 1


def test_nothing_is_taken_of_an_attempt_that_was_not_claimed() -> None:
    submission = created()
    assert not complete(submission, 1)
    assert not fail(submission, 1, retryable=False)
    submission.refresh_from_db()
    assert submission.state == State.PENDING
    assert not Recognition.objects.exists()


def test_an_outdated_attempt_changes_nothing() -> None:
    submission = created()
    claim(submission, 1)
    fail(submission, 1, retryable=True)
    claim(submission, 2)
    assert not complete(submission, 1)
    assert not fail(submission, 1, retryable=False)
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PROCESSING, 2)
    assert not Recognition.objects.exists()
    assert complete(submission, 2)


def test_rows_and_state_come_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    submission = created()
    claim(submission, 1)

    def breaks(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(services, "submission_update", breaks)
    with pytest.raises(ArithmeticError):
        complete(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.PROCESSING
    assert not Recognition.objects.exists()
    assert not Detection.objects.exists()


def test_where_the_image_is() -> None:
    by_url = created(url="http://example.org/a.jpg")
    assert tasks.submission_source(by_url) == UrlSource(url="http://example.org/a.jpg")
    upload = created(data=b"bytes", media_type="image/png")
    assert tasks.submission_source(upload) == UploadSource(
        bucket="images", key=f"uploads/{upload.id}"
    )


def test_the_database_itself_refuses_a_failure_without_a_reason() -> None:
    submission = created()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(id=submission.id).update(state=State.FAILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(id=submission.id).update(completed_at=timezone.now())
