"""What Celery hands to submissions: one attempt at one submission."""

import logging
from collections.abc import Callable
from time import sleep
from typing import Any, TypeVar
from uuid import UUID

import structlog
from celery import Task, shared_task
from django.db import InterfaceError, OperationalError, connection

from recognition.errors import AttemptFailed, HolderLost
from recognition.services import recognition_run
from submissions import services
from submissions.dispatching import TASK

logger = logging.getLogger(__name__)

# How long an attempt waits for a database that is away, between its tries. After that the attempt
# is given up, and the sweeper has it made again.
_PATIENCE_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)

T = TypeVar("T")


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
    submission = _patiently(
        lambda: services.submission_claim(submission_id=submission_id, attempt=attempt)
    )
    if submission is None:
        logger.info("the row has moved on")
        return
    try:
        outcome = recognition_run(
            submission_id=submission_id, source=services.submission_source(submission)
        )
    except AttemptFailed as error:
        taken = _failed(submission_id, attempt, error)
    else:
        taken = _patiently(
            lambda: services.submission_complete(
                submission_id=submission_id, attempt=attempt, outcome=outcome
            )
        )
    if not taken:
        services.submission_discard(submission_id=submission_id)


def _failed(submission_id: UUID, attempt: int, error: AttemptFailed) -> bool:
    logger.warning("%s: %s", error.code, error.__cause__ or error)
    return _patiently(
        lambda: services.submission_fail(
            submission_id=submission_id,
            attempt=attempt,
            code=error.code,
            detail=error.detail,
            retryable=error.retryable,
        )
    )


def _patiently(call: Callable[[], T]) -> T:
    """Calls until the database answers. Raises its error when the patience is at its end."""
    for seconds in _PATIENCE_SECONDS:
        try:
            return call()
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database is away: %s", error)
            connection.close()
            sleep(seconds)
    return call()
