"""Tells waiting requests that a submission is final, from whichever process made it so.

By pub/sub over the cache. It is only a hint: who waits looks at the row every second as well, so
nothing is lost while the cache is away.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

_CHANNEL = "submission.final"
_RECONNECT_SECONDS = 1.0
_LISTEN_SECONDS = 5.0


@cache
def _client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.CACHE_URL,
        socket_connect_timeout=0.5,
        socket_timeout=0.5,
        # A notice is a hint: nobody waits for a cache that is away.
        retry=Retry(NoBackoff(), 0),
    )


def final_tell(submission_id: UUID) -> None:
    """Tells everybody who waits for this submission. Never raises."""
    try:
        _client().publish(_CHANNEL, str(submission_id))
    except (redis.RedisError, OSError) as error:
        logger.warning("nobody is told that %s is final: %s", submission_id, error)


@contextmanager
def final_watch(submission_id: str) -> Iterator[threading.Event]:
    """Gives an event that is set when the submission becomes final. Look at the row after that."""
    event, key = threading.Event(), submission_id.lower()
    _listener().add(key, event)
    try:
        yield event
    finally:
        _listener().remove(key, event)


class _Listener:
    """One thread for the process, which sets the events of all who wait in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: defaultdict[str, set[threading.Event]] = defaultdict(set)
        threading.Thread(target=self._run, name="notices", daemon=True).start()

    def add(self, key: str, event: threading.Event) -> None:
        with self._lock:
            self._events[key].add(event)

    def remove(self, key: str, event: threading.Event) -> None:
        with self._lock:
            self._events[key].discard(event)
            if not self._events[key]:
                del self._events[key]

    def _run(self) -> None:
        while True:
            try:
                client: Any = _client()
                with client.pubsub(ignore_subscribe_messages=True) as pubsub:
                    pubsub.subscribe(_CHANNEL)
                    while True:
                        message = pubsub.get_message(timeout=_LISTEN_SECONDS)
                        if message is not None:
                            self._set(message["data"].decode())
            except (redis.RedisError, OSError) as error:
                logger.warning("no notices for now: %s", error)
                threading.Event().wait(_RECONNECT_SECONDS)

    def _set(self, key: str) -> None:
        with self._lock:
            for event in self._events.get(key, ()):
                event.set()


@cache
def _listener() -> _Listener:
    return _Listener()
