"""Consume the messages of the recognition service about requested attempts.

A message may arrive twice, late, or out of order: the row's state and attempt decide whether it
still applies. Unknown fields are ignored.
"""

from typing import Any
from uuid import UUID

from celery import shared_task

from submissions import services
from submissions.connections import retry_while_database_unavailable
from submissions.messages import Outcome


@shared_task(name="recognition.started")
def recognition_started(body: dict[str, Any]) -> None:
    """Record that an attempt has begun."""
    submission_id, attempt = _attempt_of(body)
    retry_while_database_unavailable(
        lambda: services.submission_claim(submission_id=submission_id, attempt=attempt)
    )


@shared_task(name="recognition.completed")
def recognition_completed(body: dict[str, Any]) -> None:
    """Record the result of an attempt."""
    submission_id, attempt = _attempt_of(body)
    outcome = Outcome(
        result_bucket=body["result"]["bucket"],
        result_key=body["result"]["key"],
        detection_count=body["detection_count"],
        source_media_type=body["image"]["source_media_type"],
        source_bytes=body["image"]["source_bytes"],
    )
    taken = retry_while_database_unavailable(
        lambda: services.submission_complete(
            submission_id=submission_id, attempt=attempt, outcome=outcome
        )
    )
    if not taken:
        retry_while_database_unavailable(
            lambda: services.submission_discard(submission_id=submission_id)
        )


@shared_task(name="recognition.failed")
def recognition_failed(body: dict[str, Any]) -> None:
    """Record the failure of an attempt; with `retry_after_seconds` the attempt is not counted."""
    submission_id, attempt = _attempt_of(body)
    retry_after_seconds: float | None = body.get("retry_after_seconds")
    if retry_after_seconds is None:
        taken = retry_while_database_unavailable(
            lambda: services.submission_fail(
                submission_id=submission_id,
                attempt=attempt,
                code=body["code"],
                detail=body["detail"],
                retryable=body["retryable"],
            )
        )
    else:
        taken = retry_while_database_unavailable(
            lambda: services.submission_postpone(
                submission_id=submission_id,
                attempt=attempt,
                code=body["code"],
                detail=body["detail"],
                retry_after_seconds=retry_after_seconds,
            )
        )
    if not taken:
        retry_while_database_unavailable(
            lambda: services.submission_discard(submission_id=submission_id)
        )


def _attempt_of(body: dict[str, Any]) -> tuple[UUID, int]:
    return UUID(body["submission_id"]), body["attempt"]
