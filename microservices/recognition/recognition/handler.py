"""The AWS Lambda handler: attempts from SQS batches or direct calls."""

import json
import logging
from typing import Any

from recognition import messages
from recognition.bootstrap import dependencies
from recognition.errors import MalformedMessage
from recognition.messages import Outgoing
from recognition.publisher import publish
from recognition.services import recognition_recover, recognition_run

logger = logging.getLogger(__name__)

_DEPENDENCIES = dependencies()  # at import, once per cold start


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return the records of an SQS batch to redeliver, or the outcome of a direct call.

    Each record's body, and a direct event as a whole, is one `recognition.requested`.
    """
    request_id: str = getattr(context, "aws_request_id", "direct")
    if "Records" not in event:
        outcome = _attempt(event, redelivered=False, request_id=request_id)
        return {"message": outcome.name, "body": outcome.body}
    failures = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not _taken(record, request_id)
    ]
    return {"batchItemFailures": failures}


def _taken(record: dict[str, Any], request_id: str) -> bool:
    """Return False if the record must be redelivered, since its outcome isn't published."""
    redelivered = int(record.get("attributes", {}).get("ApproximateReceiveCount", "1")) > 1
    try:
        _attempt(json.loads(record["body"]), redelivered=redelivered, request_id=request_id)
    except (MalformedMessage, json.JSONDecodeError) as error:
        logger.error("dropping a malformed message: %s", error)
    except Exception:
        logger.exception("record %s will be redelivered", record["messageId"])
        return False
    return True


def _attempt(body: object, *, redelivered: bool, request_id: str) -> Outgoing:
    request = messages.read_requested(body)
    if redelivered:
        outcome = recognition_recover(request=request, dependencies=_DEPENDENCIES)
    else:
        publish(messages.started(request), request_id=request_id, patient=False)
        outcome = recognition_run(request=request, dependencies=_DEPENDENCIES)
    publish(outcome, request_id=request_id, patient=False)
    return outcome
