"""A worker step that repairs a lost prefetch slot and writes a heartbeat.

kombu's Redis transport counts a message against the prefetch limit until it is acknowledged or
rejected. If that command fails, as it does while the broker is stalled, kombu logs "Couldn't ack"
and continues: the message stays counted. With a prefetch of one the worker then takes no other
message, although its connection works, its process lives and nothing is logged any more.

So this step compares, every two seconds, how many messages are counted with how many requests
the worker holds. If more are counted, it raises a connection error: Celery reconnects, which
resets the count and redelivers unacknowledged messages. See `tasks` for redelivered messages.
"""

import logging
from pathlib import Path
from time import monotonic
from typing import Any

from celery import bootsteps
from celery.worker import state

from recognition.bootstrap import settings

logger = logging.getLogger(__name__)

_INTERVAL_SECONDS = 2.0
# Beyond the hard time limit, at which the pool kills the process that runs the task.
_TOLERANCE_SECONDS = 15.0


class SlotLost(ConnectionError):
    """A message counts against the prefetch limit, but the worker has no request for it."""


class ProgressStep(bootsteps.StartStopStep):
    """Checks one connection to the broker, from its start to its end."""

    requires = ("celery.worker.consumer.tasks:Tasks",)
    repairs = True

    def __init__(self, consumer: Any, **options: Any) -> None:
        """Begin without a connection; Celery creates the step once per process."""
        super().__init__(consumer, **options)
        self._timer: Any = None
        self._lost_before = False
        self._held_since: dict[int, float] = {}

    def start(self, consumer: Any) -> None:
        """Start the checks; Celery calls this at each connection, once tasks are consumed."""
        self._lost_before = False
        self._timer = consumer.timer.call_repeatedly(_INTERVAL_SECONDS, self._check, (consumer,))
        self._check(consumer)

    def stop(self, consumer: Any) -> None:  # noqa: ARG002 - Celery's signature
        """Stop the checks; Celery calls this when the connection is lost, and at the end."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check(self, consumer: Any) -> None:
        """Raise SlotLost if a slot is lost; otherwise write the heartbeat."""
        lost = _slots_lost(consumer)
        if lost and self._lost_before and self.repairs:
            message = "a message counts against the prefetch limit without a request for it"
            raise SlotLost(message)
        self._lost_before = lost
        if not lost and not self._is_stuck(consumer) and settings().worker_heartbeat_file:
            _heartbeat(Path(settings().worker_heartbeat_file))

    def _is_stuck(self, consumer: Any) -> bool:
        """Return whether a request has been held for longer than any task may take."""
        now = monotonic()
        held = {id(request) for request in state.reserved_requests}
        self._held_since = {key: self._held_since.get(key, now) for key in held}
        limit_seconds = consumer.app.conf.task_time_limit
        return limit_seconds is not None and any(
            now - since > limit_seconds + _TOLERANCE_SECONDS for since in self._held_since.values()
        )


def _slots_lost(consumer: Any) -> bool:
    qos = consumer.task_consumer.channel.qos
    free = qos.can_consume_max_estimate()
    return free is not None and qos.prefetch_count - free > len(state.reserved_requests)


def _heartbeat(file: Path) -> None:
    try:
        file.touch()
    except OSError as error:
        logger.warning("can't write the heartbeat: %s", error)
