"""The sweeper's steps: recover lost messages and attempts, delete leftover objects and keys.

The sweeper calls them about once a second. Each may run in several processes at once.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from submissions import idempotency, messages, services
from submissions.identifiers import uuid7_least
from submissions.messages import attempt_request, waiting_count
from submissions.models import OPEN_STATES, HistoryPosition, OutboxMessage, State, Submission
from submissions.storage import upload_delete, uploads_page
from submissions.stored_objects import images_page, objects_delete, results_page

logger = logging.getLogger(__name__)

BATCH = 100  # rows that one step handles at most
_KEYS = 10_000  # that one statement deletes at most
# An object is stored within so long of its submission's creation, mostly. The pass over all objects
# finds the others.
_STORED_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class _Listing:
    """One kind of objects, the states of submissions that need them, and how one is deleted."""

    page: Callable[..., tuple[list[UUID], str | None]]
    needed_in: tuple[State, ...]
    delete: Callable[..., None]


_LISTINGS = {
    "uploads": _Listing(uploads_page, OPEN_STATES, upload_delete),
    "images": _Listing(images_page, (*OPEN_STATES, State.SUCCEEDED), objects_delete),
    "results": _Listing(results_page, (*OPEN_STATES, State.SUCCEEDED), objects_delete),
}


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
    """Publish the messages that are due in the outbox, or delete outdated ones; return how many.

    Due are messages whose process died or could not reach the broker, and those of retries.
    """
    due = OutboxMessage.objects.filter(publish_after__lte=timezone.now())
    claimed = messages.messages_claim(due, limit=BATCH)
    current = messages.outdated_delete(claimed) if claimed else []
    return len(claimed) - len(current) + messages.messages_publish(current)


def leftovers_purge() -> Iterator[int]:
    """Delete expired keys, and leftover objects of recent submissions; yield how many, in steps.

    A failed submission has no objects and a final one no upload, but an attempt whose lease ended
    may have stored some later.
    """
    while keys := idempotency.keys_purge(limit=_KEYS):
        yield keys
    since = timezone.now() - 2 * settings.LEFTOVER_GRACE - _STORED_WITHIN
    for listing in _LISTINGS.values():
        last: str | None = str(uuid7_least(since))
        while last is not None:
            count, last = _page_purge(listing, after=last)
            yield count


def history_purge() -> Iterator[int]:
    """Delete leftover objects of all submissions; yield how many, page by page.

    Continues where a pass before has ended early, in whatever process.
    """
    for name, listing in _LISTINGS.items():
        position = HistoryPosition.objects.filter(listing=name).first()
        last: str | None = position.last if position else ""
        while last is not None:
            count, last = _page_purge(listing, after=last)
            HistoryPosition.objects.update_or_create(listing=name, defaults={"last": last or ""})
            yield count


def _page_purge(listing: _Listing, *, after: str) -> tuple[int, str | None]:
    """Delete the leftovers of a page; return how many, and where the next page begins."""
    ids, last = listing.page(older_than=settings.LEFTOVER_GRACE, after=after)
    return _purge(ids, listing) if ids else 0, last


def _purge(ids: list[UUID], listing: _Listing) -> int:
    rows = Submission.objects.filter(id__in=ids, state__in=listing.needed_in)
    leftovers = set(ids).difference(rows.values_list("id", flat=True))
    for submission_id in leftovers:
        logger.warning("deleting a leftover object of %s", submission_id)
        listing.delete(submission_id=submission_id)
    return len(leftovers)


def _lost_count(due: QuerySet[Submission]) -> int:
    """Return how many messages are lost.

    A backlog is no loss: a message in the queue needs no second one. Messages are lost if the queue
    holds fewer than there are pending submissions whose message was published.
    """
    # In the order of the index `submission_due`: without one, PostgreSQL may read all rows until it
    # meets one that is due.
    if due.order_by("dispatch_after").values("id").first() is None:
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
