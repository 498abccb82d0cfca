"""Send messages to the SQS queue of the recognition function, as JSON without an envelope."""

import json
import logging
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from submissions.broker import Gate

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 1  # to connect, and for a response
# A message that the function has taken may come back, so it is no lost one.
_WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)

gate = Gate()


@cache
def _client() -> Any:
    # One short attempt: the sweeper sends later what is not sent now.
    return boto3.client(
        "sqs",
        region_name=settings.AWS_REGION,
        config=Config(
            connect_timeout=TIMEOUT_SECONDS,
            read_timeout=TIMEOUT_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=64,
        ),
    )


def send(body: dict[str, Any], *, request_id: str | None) -> bool:
    """Send a message. Return False if the queue is unavailable: the sweeper sends it later."""
    if gate.is_closed() or not gate.enter():
        return False
    attribute = {"DataType": "String", "StringValue": request_id}
    try:
        _client().send_message(
            QueueUrl=settings.RECOGNITION_QUEUE_URL,
            MessageBody=json.dumps(body),
            MessageAttributes={"request_id": attribute} if request_id else {},
        )
    except (BotoCoreError, ClientError) as error:
        gate.report(published=False)
        logger.warning("the recognition function's message is not sent yet: %s", error)
        return False
    gate.report(published=True)
    return True


def waiting_count() -> int:
    """Return about how many messages wait or are being handled. Raises OSError."""
    try:
        found = _client().get_queue_attributes(
            QueueUrl=settings.RECOGNITION_QUEUE_URL, AttributeNames=list(_WAITING)
        )
    except (BotoCoreError, ClientError) as error:
        raise OSError(str(error)) from error
    return sum(int(found["Attributes"][name]) for name in _WAITING)
