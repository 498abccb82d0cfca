"""Hands attempts over to the workers: a Celery task, in the queue that they read."""

import logging
from typing import Any
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

TASK = "submissions.recognize"
QUEUE = "recognition"


def attempt_dispatch(*, submission_id: UUID, attempt: int) -> bool:
    """Publishes the task. False if the broker is away: the sweeper tries again."""
    try:
        current_app.send_task(TASK, args=[str(submission_id), attempt], queue=QUEUE)
    except (OperationalError, OSError) as error:
        logger.warning("attempt %s of %s isn't handed over yet: %s", attempt, submission_id, error)
        return False
    return True


def waiting_count() -> int:
    """Returns how many tasks wait in the queue. Raises kombu's OperationalError."""
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        return int(channel.queue_declare(QUEUE).message_count)
