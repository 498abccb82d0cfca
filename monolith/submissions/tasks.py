"""The Celery task of the worker: one attempt at one submission."""

import logging
import time
from typing import Any
from uuid import UUID

import structlog
from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from recognition.errors import AttemptFailed, TimedOut, WorkerLost
from recognition.services import UploadSource, UrlSource, recognition_run
from submissions import services, storage
from submissions.connections import retry_while_database_unavailable
from submissions.dispatch import TASK
from submissions.models import ImageKind, Submission

logger = logging.getLogger(__name__)


class RecognizeTask(Task[..., None]):
    """Reports an attempt whose process was killed at the hard time limit."""

    def on_failure(
        self,
        exc: BaseException,
        task_id: str,  # noqa: ARG002 - Celery's signature
        args: Any,
        kwargs: Any,  # noqa: ARG002 - Celery's signature
        einfo: Any,  # noqa: ARG002 - Celery's signature
    ) -> None:
        """Fail the attempt. Celery calls this in the main process, before it kills the child.

        It acknowledges the message afterwards, unless an error leaves this.
        """
        if not isinstance(exc, TimeLimitExceeded):
            return
        submission_id, attempt = args
        try:
            _fail(UUID(submission_id), attempt, TimedOut())
        except Error:  # whatever the database is unable to do, such as to write after a failover
            logger.exception(
                "attempt %s of %s will fail when its lease ends", attempt, submission_id
            )
        finally:
            connection.close()  # forked children open their own


@shared_task(name=TASK, bind=True, base=RecognizeTask)
def recognize(self: RecognizeTask, submission_id: str, attempt: int) -> None:
    """Make one attempt and record its outcome, before the message is acknowledged."""
    with structlog.contextvars.bound_contextvars(submission_id=submission_id, attempt=attempt):
        try:
            attempt_make(UUID(submission_id), attempt, redelivered=_redelivered(self))
        except SoftTimeLimitExceeded:
            # Raised before or after the recognition, which handles the time limit itself.
            attempt_fail(UUID(submission_id), attempt, TimedOut())


def submission_source(submission: Submission) -> UrlSource | UploadSource:
    """Return where recognition finds the image."""
    if submission.image_kind == ImageKind.URL:
        return UrlSource(url=submission.image_url or "")
    return UploadSource(bucket=settings.IMAGE_BUCKET, key=storage.upload_key(submission.id))


def _redelivered(task: RecognizeTask) -> bool:
    return bool((task.request.delivery_info or {}).get("redelivered"))


def attempt_make(
    submission_id: UUID,
    attempt: int,
    *,
    redelivered: bool,
    time_limit_seconds: float | None = None,
) -> None:
    """Claim the attempt, make it, and record its outcome; none of it if the row has moved on.

    The caller enforces the time limit, by default that of the settings.
    """
    started_at = time.monotonic()
    if redelivered and attempt_fail(submission_id, attempt, WorkerLost()):
        # The process that claimed it died, maybe because of the image: not run again uncounted.
        return
    began_at = timezone.now()
    submission = retry_while_database_unavailable(
        lambda: services.submission_claim(
            submission_id=submission_id, attempt=attempt, began_at=began_at
        )
    )
    if submission is None:
        logger.info("the row has moved on")
        retry_while_database_unavailable(
            lambda: services.submission_discard(submission_id=submission_id)
        )
        return
    try:
        outcome = recognition_run(
            submission_id=submission_id,
            source=submission_source(submission),
            task_started_at=started_at,
            time_limit_seconds=time_limit_seconds,
        )
    except AttemptFailed as error:
        taken = attempt_fail(submission_id, attempt, error)
    else:
        taken = retry_while_database_unavailable(
            lambda: services.submission_complete(
                submission_id=submission_id, attempt=attempt, outcome=outcome
            )
        )
    if not taken:
        retry_while_database_unavailable(
            lambda: services.submission_discard(submission_id=submission_id)
        )


def attempt_fail(submission_id: UUID, attempt: int, error: AttemptFailed) -> bool:
    """Record the failure of an attempt. Return False if the attempt isn't the current one."""
    logger.warning("%s: %s", error.code, error.__cause__ or error)
    return retry_while_database_unavailable(lambda: _fail(submission_id, attempt, error))


def _fail(submission_id: UUID, attempt: int, error: AttemptFailed) -> bool:
    """Record the failure, without a retry. Raises the database's error."""
    if error.retry_after_seconds is not None:
        return services.submission_postpone(
            submission_id=submission_id,
            attempt=attempt,
            code=error.code,
            detail=error.detail,
            retry_after_seconds=error.retry_after_seconds,
        )
    return services.submission_fail(
        submission_id=submission_id,
        attempt=attempt,
        code=error.code,
        detail=error.detail,
        retryable=error.retryable,
    )
