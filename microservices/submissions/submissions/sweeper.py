"""The sweeper's steps: recover lost messages and attempts, delete leftover objects and keys.

The sweeper calls them about once a second. Each may run in several processes at once.
"""

import logging
from collections.abc import Callable, Iterator
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from submissions import idempotency, messages, services, storage
from submissions.messages import attempt_request, waiting_count
from submissions.models import OPEN_STATES, OutboxMessage, State, Submission
from submissions.stored_objects import objects_delete, stored_list

logger = logging.getLogger(__name__)

BATCH = 100  # rows that one step handles at most


def attempts_dispatch() -> int:
    """Request attempts whose message is lost again, and return how many."""
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
    """Fail the attempts whose lease has ended, and return how many."""
    expired = Submission.objects.filter(
        state=State.PROCESSING, lease_expires_at__lte=timezone.now()
    ).order_by("lease_expires_at")
    return sum(
        services.submission_fail(
            submission_id=submission_id,
            attempt=attempt,
            # A worker reports a timeout before its lease ends: it has died, or its report is lost.
            code="recognizer-crashed",
            detail="The recognizer stopped in the middle of the work.",
            retryable=True,
        )
        for submission_id, attempt in expired.values_list("id", "attempt")[:BATCH]
    )


def messages_publish() -> int:
    """Publish the messages that are due in the outbox, and return how many.

    Due are messages whose process died or could not reach the broker, and those of retries.
    """
    due = OutboxMessage.objects.filter(publish_after__lte=timezone.now())
    return messages.messages_publish(messages.messages_claim(due, limit=BATCH))


def leftovers_purge() -> Iterator[int]:
    """Delete expired keys and old objects that no row needs; yield how many, page by page.

    A failed submission has no objects and a final one no upload, but an attempt whose lease ended
    may have stored some later.
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
        logger.warning("deleting a leftover object of %s", submission_id)
        delete(submission_id=submission_id)
    return len(leftovers)


def _lost_count(due: QuerySet[Submission]) -> int:
    """Return how many messages are lost.

    A backlog is no loss: a message in the queue needs no second one. Messages are lost if the queue
    holds fewer than there are pending submissions whose message was published.
    """
    if not due.exists():
        return 0
    try:
        waiting = waiting_count()
    except (OperationalError, OSError) as error:
        logger.warning("the broker is unavailable: %s", error)
        return 0
    counted = Q(state=State.PENDING)
    if settings.RECOGNITION == "lambda":
        counted |= Q(state=State.PROCESSING)  # SQS counts these messages too until the attempt ends
    requested = Submission.objects.filter(counted).count() - OutboxMessage.objects.count()
    return max(0, requested - waiting)
