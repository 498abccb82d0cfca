"""Mends what was lost: a message, a worker, a process between commit and publish.

The sweeper calls these about once a second. Each may run in several processes at once.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from submissions import idempotency, services, storage
from submissions.dispatching import task_publish, waiting_count
from submissions.models import State, Submission

logger = logging.getLogger(__name__)

_BATCH = 100
_UPLOAD_KEPT = timedelta(minutes=15)


def attempts_dispatch() -> int:
    """Hands over the attempts that are due, and returns how many.

    Those that nobody has handed over yet: new ones whose process died, and retries. And those that
    were handed over and whose message is lost.
    """
    due = Submission.objects.filter(state=State.PENDING, dispatch_after__lte=timezone.now())
    dispatched = _dispatch(due.filter(dispatched_at=None), limit=_BATCH)
    if lost := _lost_count(due):
        logger.warning("%s messages seem to be lost", lost)
        dispatched += _dispatch(due.exclude(dispatched_at=None), limit=min(lost, _BATCH))
    return dispatched


def attempts_expire() -> int:
    """Gives up the attempts whose holder hasn't been heard of, and returns how many."""
    expired = Submission.objects.filter(
        state=State.PROCESSING, lease_expires_at__lte=timezone.now()
    ).order_by("lease_expires_at")
    return sum(
        services.submission_fail(
            submission_id=submission_id,
            attempt=attempt,
            # A worker reports what takes too long before its lease ends: it has died, or its report
            # is lost.
            code="recognizer-crashed",
            detail="The recognizer stopped in the middle of the work.",
            retryable=True,
        )
        for submission_id, attempt in expired.values_list("id", "attempt")[:_BATCH]
    )


def leftovers_purge() -> int:
    """Deletes what nobody needs: old keys, and uploads whose submission is final or gone."""
    count = idempotency.keys_purge()
    for submission_id in storage.uploads_list(older_than=_UPLOAD_KEPT):
        if not _is_open(submission_id):
            storage.upload_delete(submission_id=submission_id)
            count += 1
    return count


def _dispatch(due: QuerySet[Submission], *, limit: int) -> int:
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).order_by("dispatch_after")[:limit]
        taken: list[UUID] = []
        for row in rows:
            if not task_publish(submission_id=row.id, attempt=row.attempt):
                break  # the broker is away; the others would only wait for it one by one
            taken.append(row.id)
        now = timezone.now()
        Submission.objects.filter(id__in=taken).update(
            dispatched_at=now, dispatch_after=now + settings.REDISPATCH_AFTER
        )
    return len(taken)


def _lost_count(due: QuerySet[Submission]) -> int:
    """How many messages are missing among those that were handed over and wait for too long.

    A backlog is no loss: what waits in the queue needs no second message. Only if the queue holds
    less than there are rows that wait in it, some are gone.
    """
    if not due.exclude(dispatched_at=None).exists():
        return 0
    try:
        waiting = waiting_count()
    except (OperationalError, OSError) as error:
        logger.warning("the broker is away: %s", error)
        return 0
    dispatched = Submission.objects.filter(state=State.PENDING).exclude(dispatched_at=None).count()
    return max(0, dispatched - waiting)


def _is_open(submission_id: UUID) -> bool:
    return Submission.objects.filter(
        id=submission_id, state__in=(State.PENDING, State.PROCESSING)
    ).exists()
