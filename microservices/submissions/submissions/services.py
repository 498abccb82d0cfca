"""Change submissions. Each change of state names the attempt that it belongs to."""

import logging
import random
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from submissions import counts, notices, removals, selectors, storage
from submissions.connections import connection_release
from submissions.errors import NotFound, SubmissionsError, TooManyRequests
from submissions.idempotency import IdempotencyRecord
from submissions.messages import Outcome, attempt_request, message_dispatch, message_new
from submissions.models import OPEN_STATES, ImageKind, State, Submission
from submissions.schemas import submission_document
from submissions.statements import CLAIM, COMPLETE, rows_insert, rows_update, submission_update

logger = logging.getLogger(__name__)

ATTEMPTS_MAX = 4
# An image that timed out mostly does so again: it gets one more attempt.
TIMED_OUT_ATTEMPTS_MAX = 2
_BACKOFF_SECONDS = (0.5, 1.0, 2.0)
_POSTPONE_MIN_SECONDS, _POSTPONE_MAX_SECONDS = 2.0, 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """A validated URL, or the bytes of an upload with a valid header."""

    url: str | None = None
    data: bytes | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedSubmission:
    """The document of a new submission; `replayed` if an earlier request created it."""

    document: dict[str, Any]
    replayed: bool = False


def submission_create(
    *, account_id: UUID, image: NewImage, idempotency_key: str | None = None
) -> CreatedSubmission:
    """Create a submission, and request its recognition once the transaction is committed.

    Raises IdempotencyKeyReused, IdempotencyInProgress, TooManyRequests, and Unavailable if the
    upload can't be stored.
    """
    record = _idempotency_record(account_id, idempotency_key, image)
    if record and (response := record.response_find()):
        return CreatedSubmission(response, replayed=True)
    if selectors.submission_open_count(account_id=account_id) >= settings.OPEN_SUBMISSIONS_MAX:
        raise TooManyRequests

    submission = _new(account_id, image)
    if image.data is not None:
        connection_release()
        storage.upload_put(submission_id=submission.id, data=image.data)
    try:
        return CreatedSubmission(_insert(submission, record))
    except (_Raced, SubmissionsError) as error:
        if image.data is not None:
            _upload_drop(submission.id)
        if isinstance(error, _Raced):
            return CreatedSubmission(error.response, replayed=True)
        raise


def submission_claim(*, submission_id: UUID, attempt: int) -> bool:
    """Record that an attempt has begun. Return False if the row has moved on."""
    now = timezone.now()
    claimed = rows_update(
        CLAIM,
        submission_id=submission_id,
        attempt=attempt,
        now=now,
        lease_expires_at=now + settings.LEASE,
    )
    return claimed == 1


def submission_complete(*, submission_id: UUID, attempt: int, outcome: Outcome) -> bool:
    """Record a recognition's outcome and the final state, in one statement.

    Return False, and change nothing, if the attempt isn't the current one.
    """
    submission = submission_update(
        COMPLETE,
        submission_id=submission_id,
        attempt=attempt,
        detection_count=outcome.detection_count,
        result_bucket=outcome.result_bucket,
        result_key=outcome.result_key,
        image_media_type=outcome.source_media_type,
        image_bytes=outcome.source_bytes,
        now=timezone.now(),
    )
    if submission is not None:
        _final(submission)
    return submission is not None


def submission_fail(
    *, submission_id: UUID, attempt: int, code: str, detail: str, retryable: bool
) -> bool:
    """Record the failure of an attempt: request another one after a pause, or fail the submission.

    Return False, and change nothing, if the attempt isn't the current one.
    """
    with transaction.atomic():
        submission = _held(submission_id, attempt)
        if submission is not None:
            submission.lease_expires_at = None
            counted = attempt - submission.postponements
            if _never_began(submission, code):
                attempt_request(submission, after=_backoff(1))
            elif retryable and counted < _attempts_max(code):
                submission.state = State.PENDING
                submission.attempt = attempt + 1
                attempt_request(submission, after=_backoff(counted))
            else:
                _end_failed(submission, code=code, detail=detail)
            submission.save()
    if submission is not None and submission.is_final:
        _final(submission)
    return submission is not None


def submission_postpone(
    *, submission_id: UUID, attempt: int, code: str, detail: str, retry_after_seconds: float
) -> bool:
    """Postpone an attempt that could not be made, without counting it.

    Another one is requested, after `retry_after_seconds` at the earliest. It has the next number,
    so that a `recognition.started` of this one that comes late, or again, has no effect. A
    submission that is older than RECOGNIZER_PATIENCE fails instead. Return False, and change
    nothing, if the attempt isn't the current one.
    """
    now = timezone.now()
    with transaction.atomic():
        submission = _held(submission_id, attempt)
        if submission is not None:
            age = now - submission.created_at
            submission.lease_expires_at = None
            if age < settings.RECOGNIZER_PATIENCE:
                submission.state = State.PENDING
                submission.attempt = attempt + 1
                submission.postponements += 1
                attempt_request(submission, after=_postponement(age, retry_after_seconds))
            else:
                _end_failed(submission, code=code, detail=detail)
            submission.save()
    if submission is not None and submission.is_final:
        _final(submission)
    return submission is not None


def submission_discard(*, submission_id: UUID) -> None:
    """Delete what an attempt stored for a submission that was deleted or failed meanwhile."""
    states = Submission.objects.filter(id=submission_id).values_list("state", flat=True)
    if states.first() in (None, State.FAILED):
        logger.info("submission %s is deleted or failed; its objects are removed", submission_id)
        removals.removal_request(submission_id=submission_id)
        removals.removal_try(submission_id=submission_id)


def submission_delete(*, account_id: UUID, submission_id: str) -> None:
    """Delete a submission, and then its objects; the sweeper removes what is left.

    Raises NotFound. A current attempt may still store objects: they are removed again when the
    attempt's lease has ended.
    """
    with transaction.atomic():
        rows = selectors.submission_rows(account_id=account_id, submission_id=submission_id)
        submission = rows.select_for_update().first()
        if submission is None:
            raise NotFound
        rows.delete()
        if submission.is_final:
            removals.removal_request(submission_id=submission.id)
        else:
            removals.removal_request(submission_id=submission.id, after=settings.LEASE)
    removals.removal_try(submission_id=submission.id)


def _idempotency_record(
    account_id: UUID, key: str | None, image: NewImage
) -> IdempotencyRecord | None:
    if key is None:
        return None
    return IdempotencyRecord(
        account_id=account_id, key=key, body=image.data or (image.url or "").encode()
    )


def _new(account_id: UUID, image: NewImage) -> Submission:
    now = timezone.now()
    return Submission(
        account_id=account_id,
        image_kind=ImageKind.URL if image.data is None else ImageKind.UPLOAD,
        image_url=image.url,
        image_media_type=image.media_type,
        image_bytes=None if image.data is None else len(image.data),
        created_at=now,
    )


def _never_began(submission: Submission, code: str) -> bool:
    """Return whether a worker died after it took the message and before it began the attempt.

    `recognition.started` is published before an attempt is run, and comes through the same queue
    before its outcome. Such an attempt isn't counted, up to RECOGNIZER_PATIENCE.
    """
    return (
        submission.state == State.PENDING
        and code == "recognizer-crashed"
        and timezone.now() - submission.created_at < settings.RECOGNIZER_PATIENCE
    )


def _insert(submission: Submission, record: IdempotencyRecord | None) -> dict[str, Any]:
    """Insert the row, and its document as the response under the request's key. Return that.

    Without a key it is a single statement, which needs no transaction around it.
    """
    with transaction.atomic() if record else nullcontext():
        if record:
            record.lock()
            if response := record.response_find():
                raise _Raced(response)
        message = message_new(submission)
        counts.insert_check(submission_id=submission.id)
        rows_insert(submission, message)
        document = submission_document(submission)
        if record:
            record.response_store(document)
        message_dispatch(message)
    return document


def _end_failed(submission: Submission, *, code: str, detail: str) -> None:
    """Set a submission, which the caller saves, to failed; request the removal of its objects."""
    submission.state = State.FAILED
    submission.error_code = code
    submission.error_detail = detail
    submission.completed_at = timezone.now()
    removals.removal_request(submission_id=submission.id, after=timedelta())


def _attempts_max(code: str) -> int:
    return TIMED_OUT_ATTEMPTS_MAX if code == "timed-out" else ATTEMPTS_MAX


def _backoff(attempt: int) -> timedelta:
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries over time
    return timedelta(seconds=_BACKOFF_SECONDS[attempt - 1] * jitter)


def _postponement(age: timedelta, retry_after_seconds: float) -> timedelta:
    """Return a quarter of the age, 2 to 30 s, at least the given time, plus up to 20 % jitter."""
    pause_seconds = min(max(age.total_seconds() / 4, _POSTPONE_MIN_SECONDS), _POSTPONE_MAX_SECONDS)
    jitter = random.uniform(1.0, 1.2)  # noqa: S311 - spreads retries over time
    return timedelta(seconds=max(pause_seconds, retry_after_seconds) * jitter)


def _held(submission_id: UUID, attempt: int) -> Submission | None:
    """Return the row, locked, if the attempt is the current one."""
    return (
        Submission.objects.select_for_update()
        .filter(id=submission_id, attempt=attempt, state__in=OPEN_STATES)
        .first()
    )


def _final(submission: Submission) -> None:
    notices.final_publish(submission.id)
    if submission.state == State.SUCCEEDED and submission.image_kind == ImageKind.UPLOAD:
        _upload_drop(submission.id)


def _upload_drop(submission_id: UUID) -> None:
    """Delete an upload that is not needed any more; if that fails, the sweeper does it later."""
    try:
        storage.upload_delete(submission_id=submission_id)
    except SubmissionsError as error:
        logger.warning("the upload of %s is not deleted yet: %s", submission_id, error)


class _Raced(Exception):
    """Another request with the same key was faster; this is its response."""

    def __init__(self, response: dict[str, Any]) -> None:
        super().__init__()
        self.response = response
