"""Dispatch attempts: to the worker as Celery tasks, or to the function as messages on SQS.

The submission's row states when its task is due, in the same transaction as the change that needs
it. The sweeper publishes what was not published or was lost.
"""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from submissions import sqs
from submissions.batches import Batches
from submissions.broker import publish
from submissions.connections import connection_release
from submissions.models import State, Submission
from submissions.trace_context import trace_continued, traceparent_current

TASK = "submissions.recognize"
QUEUE = "recognition"

# How long the process that committed a row may take to publish the task itself.
_GRACE = timedelta(seconds=5)


def attempt_request(submission: Submission, *, after: timedelta = _GRACE) -> None:
    """Request the submission's attempt; the caller saves the submission.

    The sweeper publishes the task if it isn't published when the time `after` is over.
    """
    submission.dispatch_after = timezone.now() + after
    submission.dispatched_at = None
    submission.traceparent = traceparent_current() or submission.traceparent


def attempt_dispatch(submission: Submission) -> None:
    """Publish the task of a saved submission, once its transaction, if any, is committed."""
    transaction.on_commit(partial(_dispatch, submission.id, submission.attempt))


def attempts_claim(due: QuerySet[Submission], *, limit: int) -> list[Submission]:
    """Reserve attempts that are due for this process to publish, for a few seconds.

    No row stays locked while the broker is called; the reservation of a process that dies expires.
    """
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).order_by("dispatch_after")
        claimed = list(rows.only("id", "attempt", "traceparent")[:limit])
        until = timezone.now() + _GRACE
        Submission.objects.filter(id__in=[row.id for row in claimed]).update(dispatch_after=until)
    for row in claimed:
        row.dispatch_after = until
    return claimed


def attempts_publish(claimed: list[Submission]) -> int:
    """Publish the tasks of reserved attempts and return how many; stop at the first failure."""
    published: list[UUID] = []
    for row in claimed:
        with trace_continued(row.traceparent):
            if not task_publish(submission_id=row.id, attempt=row.attempt):
                break
        published.append(row.id)
    if published:
        # A process that has reserved the row again, or requested another attempt, changed it.
        now = timezone.now()
        Submission.objects.filter(
            id__in=published, state=State.PENDING, dispatch_after=claimed[0].dispatch_after
        ).update(dispatched_at=now, dispatch_after=now + settings.REDISPATCH_AFTER)
    return len(published)


def task_publish(*, submission_id: UUID, attempt: int) -> bool:
    """Publish the task. Return False if the broker is unavailable: the sweeper tries again."""
    if settings.RECOGNITION == "lambda":
        body = {"submission_id": str(submission_id), "attempt": attempt}
        return sqs.send(body, request_id=structlog.contextvars.get_contextvars().get("request_id"))
    return publish(TASK, args=[str(submission_id), attempt], queue=QUEUE)


def waiting_count() -> int:
    """Return how many tasks wait in the queue. Raises kombu's OperationalError, and OSError."""
    if settings.RECOGNITION == "lambda":
        return sqs.waiting_count()
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        return int(channel.queue_declare(QUEUE).message_count)


def _dispatch(submission_id: UUID, attempt: int) -> None:
    connection_release()
    if task_publish(submission_id=submission_id, attempt=attempt):
        published.add(submission_id)


def published_mark(submission_ids: list[UUID]) -> None:
    """Mark tasks as published, in one statement, so that the sweeper doesn't publish them again.

    It concerns those that no worker has claimed yet. A mark that is lost costs a second message,
    which has no effect.
    """
    now = timezone.now()
    Submission.objects.filter(
        id__in=submission_ids, state=State.PENDING, started_at=None, dispatched_at=None
    ).update(dispatched_at=now, dispatch_after=now + settings.REDISPATCH_AFTER)


published = Batches(published_mark)
