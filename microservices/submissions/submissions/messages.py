"""Publish requests for attempts through the outbox, and define what their outcome holds.

The message is committed in the same transaction as the change that needs it, published right after,
and deleted from the outbox within about a second. The sweeper publishes what is left in the outbox.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from submissions import sqs, storage
from submissions.batches import Batches
from submissions.broker import publish
from submissions.connections import connection_release
from submissions.models import OPEN_STATES, ImageKind, OutboxMessage, Submission
from submissions.trace_context import trace_continued, traceparent_current

REQUESTED = "recognition.requested"
REQUESTED_QUEUE = "recognition"
OUTCOME_QUEUE = "submissions"

# How long the process that committed a message may take to publish it itself.
_GRACE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The location of the result, how many faces it holds, and the type and size of the source."""

    result_bucket: str
    result_key: str
    detection_count: int
    source_media_type: str
    source_bytes: int


def attempt_request(submission: Submission, *, after: timedelta = timedelta()) -> None:
    """Request the submission's attempt, once the caller has saved the submission and committed.

    With `after`, the sweeper publishes the message when that time is over.
    """
    message = message_new(submission, after=after)
    message.save(force_insert=True)
    if not after:
        message_dispatch(message)


def message_new(submission: Submission, *, after: timedelta = timedelta()) -> OutboxMessage:
    """Return the message that requests the submission's attempt. The caller saves both."""
    now = timezone.now()
    submission.dispatch_after = now + after + settings.REDISPATCH_AFTER
    submission.traceparent = traceparent_current() or submission.traceparent
    return OutboxMessage(
        name=REQUESTED,
        body=_requested(submission),
        request_id=structlog.contextvars.get_contextvars().get("request_id"),
        traceparent=submission.traceparent,
        publish_after=now + (after or _GRACE),
    )


def message_dispatch(message: OutboxMessage) -> None:
    """Publish a saved message, once its transaction, if any, is committed."""
    transaction.on_commit(partial(message_publish, message))


def message_publish(message: OutboxMessage) -> bool:
    """Publish a message, and have it deleted from the outbox. Return False if that's not possible.

    If the process dies in between, the message is published twice; consumers are idempotent.
    """
    connection_release()
    if not _publish(message):
        return False
    published.add(message.id)
    return True


def published_delete(message_ids: list[int]) -> None:
    """Delete published messages from the outbox, in one statement."""
    OutboxMessage.objects.filter(id__in=message_ids).delete()


published = Batches(published_delete)


def messages_claim(due: QuerySet[OutboxMessage], *, limit: int) -> list[OutboxMessage]:
    """Reserve messages that are due for this process to publish, for a few seconds.

    No row stays locked while the broker is called; the reservation of a process that dies expires.
    """
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).order_by("publish_after")
        claimed = list(rows[:limit])
        OutboxMessage.objects.filter(id__in=[message.id for message in claimed]).update(
            publish_after=timezone.now() + _GRACE
        )
    return claimed


def outdated_delete(claimed: list[OutboxMessage]) -> list[OutboxMessage]:
    """Delete messages of attempts that aren't the current ones of open submissions; return others.

    A worker would make such an attempt: the submission was deleted during a pause, or the process
    that published the message ended before it could delete it. An attempt that has begun is kept:
    its message may be there since its worker died.
    """
    ids = {message.body["submission_id"] for message in claimed}
    rows = Submission.objects.filter(id__in=ids, state__in=OPEN_STATES).values_list("id", "attempt")
    awaited = {(str(submission_id), attempt) for submission_id, attempt in rows}
    kept = [it for it in claimed if (it.body["submission_id"], it.body["attempt"]) in awaited]
    if len(kept) < len(claimed):
        outdated = {message.id for message in claimed} - {message.id for message in kept}
        OutboxMessage.objects.filter(id__in=outdated).delete()
    return kept


def messages_publish(claimed: list[OutboxMessage]) -> int:
    """Publish reserved messages and return how many; stop at the first failure."""
    published: list[int] = []
    for message in claimed:
        with trace_continued(message.traceparent):
            if not _publish(message):
                break
        published.append(message.id)
    if published:
        OutboxMessage.objects.filter(id__in=published).delete()
    return len(published)


def waiting_count() -> int:
    """Return how many requests and outcomes wait. Raises kombu's OperationalError, and OSError."""
    is_lambda = settings.RECOGNITION == "lambda"
    queues = (OUTCOME_QUEUE,) if is_lambda else (REQUESTED_QUEUE, OUTCOME_QUEUE)
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        waiting = sum(int(channel.queue_declare(queue).message_count) for queue in queues)
    return waiting + sqs.waiting_count() if is_lambda else waiting


def _publish(message: OutboxMessage) -> bool:
    """Publish to the worker's queue, or to the function's. Return False if it is unavailable."""
    if settings.RECOGNITION == "lambda":
        return sqs.send(message.body, request_id=message.request_id)
    return publish(
        message.name,
        args=[message.body],
        queue=REQUESTED_QUEUE,
        headers={"request_id": message.request_id},
    )


def _requested(submission: Submission) -> dict[str, Any]:
    image = (
        {"kind": "url", "url": submission.image_url}
        if submission.image_kind == ImageKind.URL
        else {
            "kind": "upload",
            "bucket": settings.IMAGE_BUCKET,
            "key": storage.upload_key(submission.id),
        }
    )
    return {
        "submission_id": str(submission.id),
        "image": image,
        "attempt": submission.attempt,
        "requested_at": timezone.now().isoformat(),
    }
