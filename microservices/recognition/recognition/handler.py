"""The AWS Lambda handler: attempts from SQS batches or direct calls.

An instance of the function makes one attempt at a time. It may be ended at any moment: then the
message is delivered again, with a count of its deliveries, as a broker redelivers a Celery message.
"""

import json
import logging
from typing import Any, Protocol

import structlog

from recognition import messages
from recognition.bootstrap import dependencies, settings
from recognition.errors import MalformedMessage, TimedOut, TooLittleTime
from recognition.logs import configure_logging
from recognition.messages import Outgoing
from recognition.publisher import publish
from recognition.services import recognition_fail, recognition_recover, recognition_run
from recognition.time_limit import TimeLimitReached, time_limit

logger = logging.getLogger(__name__)

# Kept of the function's own time limit, to publish the outcome.
_RESERVE_SECONDS = 5.0
_ATTEMPT_MIN_SECONDS = 2.0

configure_logging(settings().log_level)
_DEPENDENCIES = dependencies()  # at import, once per cold start


class Context(Protocol):
    """What the handler reads of the Lambda context."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the function's own time limit, at which it is killed."""


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Return the records of an SQS batch to redeliver, or the outcome of a direct call.

    Each record's body, and a direct event as a whole, is one `recognition.requested`. A direct
    call raises MalformedMessage, and TooLittleTime.
    """
    if "Records" not in event:
        outcome = _attempt(event, context, redelivered=False, request_id=context.aws_request_id)
        return {"message": outcome.name, "body": outcome.body}
    failures = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not _taken(record, context)
    ]
    return {"batchItemFailures": failures}


def _taken(record: dict[str, Any], context: Context) -> bool:
    """Return False if the record must be redelivered, since its outcome isn't published."""
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


def _attempt(body: object, context: Context, *, redelivered: bool, request_id: str) -> Outgoing:
    request = messages.read_requested(body)
    with structlog.contextvars.bound_contextvars(
        request_id=request_id, submission_id=str(request.submission_id)
    ):
        if redelivered:
            outcome = recognition_recover(request=request, dependencies=_DEPENDENCIES)
        else:
            seconds = _time_limit_seconds(context)
            try:
                with time_limit(seconds):
                    publish(messages.started(request), request_id=request_id, patient=False)
                    outcome = recognition_run(
                        request=request, dependencies=_DEPENDENCIES, time_limit_seconds=seconds
                    )
            except TimeLimitReached:  # before or after the recognition, which handles it itself
                outcome = recognition_fail(request=request, error=TimedOut())
        publish(outcome, request_id=request_id, patient=False)
    return outcome


def _time_limit_seconds(context: Context) -> float:
    """Return the time limit of an attempt that begins now. Raises TooLittleTime."""
    left_seconds = context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
    if left_seconds < _ATTEMPT_MIN_SECONDS:
        raise TooLittleTime
    return min(_DEPENDENCIES.time_limit_seconds, left_seconds)
