"""Publish to the broker, without each thread waiting in turn while it is unavailable."""

import logging
import threading
import time
from typing import Any

from celery import current_app
from kombu.exceptions import LimitExceeded, OperationalError

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_PRODUCER_WAIT_SECONDS = 1.0


class Gate:
    """A gate that closes after a failure; later one caller at a time tries, the others skip."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_try: float | None = None  # None after a success

    def is_closed(self) -> bool:
        """Return whether nothing may be published now."""
        return self._next_try is not None and time.monotonic() < self._next_try

    def enter(self) -> bool:
        """Return whether the caller may publish now; while closed, one caller at a time."""
        if self._next_try is None:  # the usual case needs no lock
            return True
        with self._lock:
            if self.is_closed():
                return False
            if self._next_try is not None:
                self._next_try = time.monotonic() + _PAUSE_SECONDS
            return True

    def report(self, *, published: bool) -> None:
        """Open or close the gate, according to how an attempt to publish ended."""
        if published and self._next_try is None:
            return
        with self._lock:
            self._next_try = None if published else time.monotonic() + _PAUSE_SECONDS


gate = Gate()


def publish(
    name: str, *, args: list[Any], queue: str, headers: dict[str, Any] | None = None
) -> bool:
    """Publish a task. Return False if the broker is unavailable: the sweeper publishes it later.

    Takes about a second at most, and no time while the broker is known to be unavailable.
    """
    if gate.is_closed():
        return False
    try:
        with current_app.producer_pool.acquire(
            block=True, timeout=_PRODUCER_WAIT_SECONDS
        ) as producer:
            if not gate.enter():  # another thread failed while this one waited for a producer
                return False
            current_app.send_task(name, args=args, queue=queue, headers=headers, producer=producer)
    except (OperationalError, LimitExceeded, OSError) as error:
        gate.report(published=False)
        logger.warning("%s is not published yet: %s", name, error)
        return False
    gate.report(published=True)
    return True
