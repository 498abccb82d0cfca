"""Attempts: each change of state names the attempt that it belongs to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from submissions.models import OutboxMessage, State, Submission
from tests.attempts import claim, complete, created, fail, postpone

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


def test_the_outcome_is_copied_and_a_final_state() -> None:
    submission = created()
    claim(submission, 1)
    assert complete(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED
    assert submission.detection_count == 1
    assert (submission.image_media_type, submission.image_bytes) == ("image/gif", 123)
    assert submission.lease_expires_at is None
    assert (submission.result_bucket, submission.result_key) == ("results", "results/x.json")


def test_an_outcome_is_taken_once() -> None:
    submission = created()
    claim(submission, 1)
    assert complete(submission, 1)
    assert not complete(submission, 1)
    assert not fail(submission, 1, retryable=True)


def test_an_outcome_counts_without_a_started_message() -> None:
    """The message may be lost or late."""
    submission = created()
    assert complete(submission, 1)
    assert not claim(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED
    assert submission.started_at == submission.completed_at


def test_an_outdated_attempt_changes_nothing() -> None:
    submission = created()
    claim(submission, 1)
    fail(submission, 1, retryable=True)
    claim(submission, 2)
    assert not complete(submission, 1)
    assert not fail(submission, 1, retryable=False)
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PROCESSING, 2)
    assert complete(submission, 2)


def test_state_and_outbox_come_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    submission = created()
    claim(submission, 1)
    OutboxMessage.objects.all().delete()

    def breaks(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(Submission, "save", breaks)
    with pytest.raises(ArithmeticError):
        fail(submission, 1, retryable=True)
    submission.refresh_from_db()
    assert submission.state == State.PROCESSING
    assert not OutboxMessage.objects.exists()


def test_a_row_of_the_version_before_has_no_postponement() -> None:
    """That version inserts rows without the column, also while this one runs beside it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO submissions_submission (id, account_id, state, attempt, dispatch_after,"
            " image_kind, created_at, result_bucket, result_key)"
            " VALUES (%s, %s, 'pending', 1, now(), 'url', now(), '', '')",
            [uuid4(), uuid4()],
        )
    submission = Submission.objects.get()
    assert submission.postponements == 0
    assert postpone(submission, 1, retry_after_seconds=1)


def test_the_database_itself_refuses_a_failure_without_a_reason() -> None:
    submission = created()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(id=submission.id).update(state=State.FAILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(id=submission.id).update(completed_at=timezone.now())
