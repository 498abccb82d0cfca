"""The Celery task of the worker: one attempt at one image."""

import logging
import time
from typing import Any

import structlog
from billiard.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded
from celery import Task
from celery.exceptions import Reject
from kombu.exceptions import OperationalError

from recognition import messages
from recognition.bootstrap import dependencies
from recognition.celery import app
from recognition.errors import MalformedMessage, TimedOut
from recognition.publisher import publish
from recognition.services import recognition_fail, recognition_recover, recognition_run

logger = logging.getLogger(__name__)

_DEPENDENCIES = dependencies()  # at import, so that a worker with invalid settings doesn't start


class RecognitionTask(Task[..., None]):
    """Reports an attempt whose process was killed at the hard time limit."""

    def on_failure(
        self,
        exc: BaseException,
        task_id: str,
        args: Any,
        kwargs: Any,  # noqa: ARG002 - Celery's signature
        einfo: Any,  # noqa: ARG002 - Celery's signature
    ) -> None:
        """Fail the attempt. Celery calls this in the main process, before it kills the child."""
        if not isinstance(exc, TimeLimitExceeded):
            return
        request = messages.read_requested(args[0])
        outcome = recognition_fail(request=request, error=TimedOut())
        try:
            publish(outcome, request_id=task_id, patient=False)
        except OperationalError:
            logger.exception("the outcome of %s is not published", request.submission_id)


@app.task(name=messages.REQUESTED, base=RecognitionTask, bind=True)
def recognition_requested(self: RecognitionTask, /, body: object, *_: object, **__: object) -> None:
    """Make one attempt and publish its outcome, before the message is acknowledged."""
    started_at = time.monotonic()
    request_id = str(getattr(self.request, "request_id", None) or self.request.id)
    redelivered = bool((self.request.delivery_info or {}).get("redelivered"))
    try:
        request = messages.read_requested(body)
    except MalformedMessage as error:
        logger.error("dropping a malformed message: %s", error)
        return
    with structlog.contextvars.bound_contextvars(
        request_id=request_id, submission_id=str(request.submission_id)
    ):
        try:
            if redelivered:
                outcome = recognition_recover(request=request, dependencies=_DEPENDENCIES)
            else:
                publish(messages.started(request), request_id=request_id, patient=True)
                outcome = recognition_run(
                    request=request, dependencies=_DEPENDENCIES, task_started_at=started_at
                )
            publish(outcome, request_id=request_id, patient=True)
        except (OperationalError, SoftTimeLimitExceeded) as error:
            # The broker was unavailable until the time limit. When the message is redelivered, the
            # outcome is made from the stored result.
            logger.warning("the outcome is not published yet: %r", error)
            raise Reject(error, requeue=True) from error
