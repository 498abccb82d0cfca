"""Attempts of a submission, as the tests make and end them."""

from typing import Any
from uuid import UUID, uuid4

from submissions import services
from submissions.messages import Outcome
from submissions.models import Submission
from submissions.services import (
    NewImage,
    submission_create,
)


def created(account_id: UUID | None = None, **image: Any) -> Submission:
    response = submission_create(
        account_id=account_id or uuid4(), image=NewImage(**(image or {"url": "http://x.org/"}))
    )
    return Submission.objects.get(id=response.document["id"])


def claim(submission: Submission, attempt: int) -> bool:
    return services.submission_claim(submission_id=submission.id, attempt=attempt)


def complete(submission: Submission, attempt: int) -> bool:
    outcome = Outcome(
        result_bucket="results",
        result_key="results/x.json",
        detection_count=1,
        source_media_type="image/gif",
        source_bytes=123,
    )
    return services.submission_complete(
        submission_id=submission.id, attempt=attempt, outcome=outcome
    )


def fail(
    submission: Submission,
    attempt: int,
    *,
    retryable: bool,
    code: str = "image-unreachable",
) -> bool:
    return services.submission_fail(
        submission_id=submission.id,
        attempt=attempt,
        code=code,
        detail="Why.",
        retryable=retryable,
    )


def postpone(submission: Submission, attempt: int, *, retry_after_seconds: float) -> bool:
    return services.submission_postpone(
        submission_id=submission.id,
        attempt=attempt,
        code="recognizer-unavailable",
        detail="Why.",
        retry_after_seconds=retry_after_seconds,
    )
