"""How an attempt gets to a worker: a Celery task, whose loss the submission's row makes good.

The row says until when the task must have been published; it is committed with what it tells of.
Whatever fails or dies in between, the sweeper publishes what is left.
"""

import logging
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from submissions.models import State, Submission

logger = logging.getLogger(__name__)

TASK = "submissions.recognize"
QUEUE = "recognition"

# For as long the process that committed a row may take to publish the task itself.
_GRACE = timedelta(seconds=5)


def attempt_request(submission: Submission, *, after: timedelta = timedelta()) -> None:
    """Asks for the submission's attempt, once the caller has saved it and has committed.

    With `after`, the sweeper publishes the task when that time is over.
    """
    submission.dispatch_after = timezone.now() + (after or _GRACE)
    submission.dispatched_at = None
    if not after:
        transaction.on_commit(partial(_dispatch, submission.id, submission.attempt))


def task_publish(*, submission_id: UUID, attempt: int) -> bool:
    """Publishes the task. False if the broker is away: the sweeper tries again."""
    try:
        current_app.send_task(TASK, args=[str(submission_id), attempt], queue=QUEUE)
    except (OperationalError, OSError) as error:
        logger.warning("attempt %s of %s isn't handed over yet: %s", attempt, submission_id, error)
        return False
    return True


def waiting_count() -> int:
    """Returns how many tasks wait in the queue. Raises kombu's OperationalError."""
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        return int(channel.queue_declare(QUEUE).message_count)


def _dispatch(submission_id: UUID, attempt: int) -> None:
    if task_publish(submission_id=submission_id, attempt=attempt):
        now = timezone.now()
        Submission.objects.filter(id=submission_id, attempt=attempt, state=State.PENDING).update(
            dispatched_at=now, dispatch_after=now + settings.REDISPATCH_AFTER
        )
