"""What Celery hands to submissions: one attempt at one submission."""

import logging
from typing import Any
from uuid import UUID

import structlog
from celery import Task, shared_task

from recognition.errors import AttemptFailed, HolderLost
from recognition.services import recognition_run
from submissions import services
from submissions.connections import patiently
from submissions.dispatching import TASK

logger = logging.getLogger(__name__)


@shared_task(name=TASK, bind=True)
def recognize(self: "Task[Any, Any]", submission_id: str, attempt: int) -> None:
    """Makes one attempt and takes its outcome, before the message is acknowledged."""
    with structlog.contextvars.bound_contextvars(submission_id=submission_id, attempt=attempt):
        _attempt(UUID(submission_id), attempt, redelivered=_redelivered(self))


def _redelivered(task: "Task[Any, Any]") -> bool:
    return bool((task.request.delivery_info or {}).get("redelivered"))


def _attempt(submission_id: UUID, attempt: int, *, redelivered: bool) -> None:
    if redelivered and _failed(submission_id, attempt, HolderLost()):
        # Whoever had claimed it is dead, and the image may be what killed it: not run blindly.
        return
    submission = patiently(
        lambda: services.submission_claim(submission_id=submission_id, attempt=attempt)
    )
    if submission is None:
        logger.info("the row has moved on")
        patiently(lambda: services.submission_discard(submission_id=submission_id))
        return
    try:
        outcome = recognition_run(
            submission_id=submission_id, source=services.submission_source(submission)
        )
    except AttemptFailed as error:
        taken = _failed(submission_id, attempt, error)
    else:
        taken = patiently(
            lambda: services.submission_complete(
                submission_id=submission_id, attempt=attempt, outcome=outcome
            )
        )
    if not taken:
        patiently(lambda: services.submission_discard(submission_id=submission_id))


def _failed(submission_id: UUID, attempt: int, error: AttemptFailed) -> bool:
    logger.warning("%s: %s", error.code, error.__cause__ or error)
    return patiently(
        lambda: services.submission_fail(
            submission_id=submission_id,
            attempt=attempt,
            code=error.code,
            detail=error.detail,
            retryable=error.retryable,
        )
    )
