"""Mends what was lost: a message, a worker, a process between commit and publish.

The sweeper calls these about once a second. Each may run in several processes at once.
"""

import logging
from collections.abc import Callable, Iterator
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from submissions import idempotency, messages, services, storage
from submissions.messages import attempt_request, waiting_count
from submissions.models import OPEN_STATES, OutboxMessage, State, Submission
from submissions.stored_objects import objects_delete, stored_list

logger = logging.getLogger(__name__)

BATCH = 100


def messages_publish() -> int:
    """Publish what is due in the outbox, and return how many messages.

    Those whose process died before it published them, those that the broker didn't take, and those
    of attempts that were put off.
    """
    due = OutboxMessage.objects.filter(publish_after__lte=timezone.now())
    return messages.messages_publish(messages.messages_claim(due, limit=BATCH))


def attempts_dispatch() -> int:
    """Request again for the attempts whose message is lost, and return how many."""
    due = Submission.objects.filter(state=State.PENDING, dispatch_after__lte=timezone.now())
    lost = _lost_count(due)
    if not lost:
        return 0
    logger.warning("%s messages seem to be lost", lost)
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).order_by("dispatch_after")
        taken = list(rows[: min(lost, BATCH)])
        for row in taken:
            attempt_request(row)
            row.save(update_fields=["dispatch_after"])
    return len(taken)


def attempts_expire() -> int:
    """Return up the attempts whose holder hasn't been heard of, and return how many."""
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
        for submission_id, attempt in expired.values_list("id", "attempt")[:BATCH]
    )


def leftovers_purge() -> Iterator[int]:
    """Delete old keys, and old objects that no row needs; give how many, page by page.

    A failed submission has no objects, a final one no upload; an attempt that was given up may
    have stored some all the same.
    """
    yield idempotency.keys_purge()
    older_than = settings.LEFTOVER_GRACE
    for ids in filter(None, storage.uploads_list(older_than=older_than)):
        yield _purge(ids, needed_in=OPEN_STATES, delete=storage.upload_delete)
    for ids in filter(None, stored_list(older_than=older_than)):
        yield _purge(ids, needed_in=(*OPEN_STATES, State.SUCCEEDED), delete=objects_delete)


def _purge(ids: list[UUID], *, needed_in: tuple[State, ...], delete: Callable[..., object]) -> int:
    needed = Submission.objects.filter(id__in=ids, state__in=needed_in).values_list("id", flat=True)
    leftovers = set(ids).difference(needed)
    for submission_id in leftovers:
        logger.warning("an object of %s was left behind", submission_id)
        delete(submission_id=submission_id)
    return len(leftovers)


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
