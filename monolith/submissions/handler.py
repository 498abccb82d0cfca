"""The AWS Lambda handler: attempts from SQS batches or direct calls.

An instance of the function makes one attempt at a time. It may be ended at any moment: then the
message is delivered again, with a count of its deliveries, as a broker redelivers a Celery message.
"""

import json
import logging
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.conf import settings

from recognition.errors import MalformedMessage, TimedOut, TooLittleTime
from submissions.models import Submission
from submissions.tasks import attempt_fail, attempt_make
from submissions.time_limit import TimeLimitReached, time_limit

logger = logging.getLogger(__name__)

# Kept of the function's own time limit, to record the outcome.
_RESERVE_SECONDS = 5.0
_ATTEMPT_MIN_SECONDS = 2.0


class Context(Protocol):
    """What the handler reads of the Lambda context."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the function's own time limit, at which it is killed."""


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Return the records of an SQS batch to redeliver, or the state after a direct call.

    Each record's body, and a direct event as a whole, is {submission_id, attempt}. The state is
    None if there is no such submission. A direct call raises MalformedMessage, and TooLittleTime.
    """
    if "Records" not in event:
        _attempt(event, context, redelivered=False, request_id=context.aws_request_id)
        states = Submission.objects.filter(id=event["submission_id"])
        return {**event, "state": states.values_list("state", flat=True).first()}
    failures = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not _taken(record, context)
    ]
    return {"batchItemFailures": failures}


def _taken(record: dict[str, Any], context: Context) -> bool:
    """Return False if the record must be redelivered, since its outcome isn't recorded."""
    redelivered = int(record["attributes"]["ApproximateReceiveCount"]) > 1
    sender = record.get("messageAttributes", {}).get("request_id", {})
    request_id = sender.get("stringValue") or context.aws_request_id
    try:
        body = json.loads(record["body"])
        _attempt(body, context, redelivered=redelivered, request_id=request_id)
    except (MalformedMessage, json.JSONDecodeError) as error:
        logger.error("dropping a malformed message: %s", error)
    except Exception:  # any other error must not end the rest of the batch
        logger.exception("record %s will be redelivered", record["messageId"])
        return False
    return True


def _attempt(body: object, context: Context, *, redelivered: bool, request_id: str) -> None:
    submission_id, attempt = _read(body)
    with structlog.contextvars.bound_contextvars(
        request_id=request_id, submission_id=str(submission_id), attempt=attempt
    ):
        seconds = _time_limit_seconds(context)
        try:
            with time_limit(seconds):
                attempt_make(
                    submission_id, attempt, redelivered=redelivered, time_limit_seconds=seconds
                )
        except TimeLimitReached:  # before or after the recognition, which handles it itself
            with time_limit(_RESERVE_SECONDS - 1):  # while the database is unavailable: no outcome
                attempt_fail(submission_id, attempt, TimedOut())


def _read(body: object) -> tuple[UUID, int]:
    """Return submission and attempt. Ignores unknown fields. Raises MalformedMessage."""
    match body:
        case {"submission_id": str(text), "attempt": int(attempt)} if attempt >= 1:
            try:
                return UUID(text), attempt
            except ValueError as error:
                message = "submission_id must be a UUID"
                raise MalformedMessage(message) from error
    message = "submission_id and attempt are missing or of another type"
    raise MalformedMessage(message)


def _time_limit_seconds(context: Context) -> float:
    """Return the time limit of an attempt that begins now. Raises TooLittleTime."""
    left_seconds = context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
    if left_seconds < _ATTEMPT_MIN_SECONDS:
        raise TooLittleTime
    return min(settings.TIME_LIMIT_SECONDS, left_seconds)
