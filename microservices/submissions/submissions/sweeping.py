"""Mends what was lost: a message, a worker, a process between commit and publish.

The sweeper calls these about once a second. Each may run in several processes at once.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from submissions import idempotency, services, storage
from submissions.messages import attempt_request, message_publish, waiting_count
from submissions.models import OutboxMessage, State, Submission

logger = logging.getLogger(__name__)

_BATCH = 100
_UPLOAD_KEPT = timedelta(minutes=15)


def messages_publish() -> int:
    """Publishes what is due in the outbox, and returns how many messages.

    Those whose process died before it published them, those that the broker didn't take, and those
    of attempts that were put off.
    """
    with transaction.atomic():
        due = OutboxMessage.objects.filter(publish_after__lte=timezone.now())
        count = 0
        for message in due.select_for_update(skip_locked=True).order_by("publish_after")[:_BATCH]:
            if not message_publish(message):
                break  # the broker is away; the others would only wait for it one by one
            count += 1
    return count


def attempts_dispatch() -> int:
    """Asks again for the attempts whose message is lost, and returns how many."""
    due = Submission.objects.filter(state=State.PENDING, dispatch_after__lte=timezone.now())
    lost = _lost_count(due)
    if not lost:
        return 0
    logger.warning("%s messages seem to be lost", lost)
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).order_by("dispatch_after")
        taken = list(rows[: min(lost, _BATCH)])
        for row in taken:
            attempt_request(row)
            row.save(update_fields=["dispatch_after"])
    return len(taken)


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


def _lost_count(due: QuerySet[Submission]) -> int:
    """How many messages are missing among those that were published and wait for too long.

    A backlog is no loss: what waits in a queue needs no second message. Only if the queues hold
    less than there are rows that wait in them, some are gone.
    """
    if not due.exists():
        return 0
    try:
        waiting = waiting_count()
    except (OperationalError, OSError) as error:
        logger.warning("the broker is away: %s", error)
        return 0
    pending = Submission.objects.filter(state=State.PENDING).count()
    return max(0, pending - OutboxMessage.objects.count() - waiting)


def _is_open(submission_id: UUID) -> bool:
    return Submission.objects.filter(
        id=submission_id, state__in=(State.PENDING, State.PROCESSING)
    ).exists()
