"""Notices that a submission is final, sent to the processes where clients wait.

Sent by pub/sub over the cache. They are only hints: waiting processes also query the rows every
second, so nothing is lost while the cache is unavailable.
"""

import logging
import threading
import time
from collections.abc import Callable, Container
from functools import cache
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from submissions.broker import Gate

logger = logging.getLogger(__name__)

_CHANNEL = "submission.final"
_RECONNECT_SECONDS = 1.0
# After so long without a message the server is pinged; after as long again it is unavailable.
_SILENCE_SECONDS = 5.0

_begun = threading.Lock()
_gate = Gate()


@cache
def _client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.CACHE_URL,
        socket_connect_timeout=0.5,
        socket_timeout=0.5,
        # A notice is a hint, so publishing is not retried.
        retry=Retry(NoBackoff(), 0),
    )


def final_publish(submission_id: UUID) -> None:
    """Publish that a submission is final. Never raises.

    Takes about half a second at most, and no time for a second after a failure, so that a process
    that ends many submissions doesn't wait for the cache at each.
    """
    if not _gate.enter():
        return
    try:
        _client().publish(_CHANNEL, str(submission_id))
    except (redis.RedisError, OSError) as error:
        _gate.report(published=False)
        logger.warning("can't publish that %s is final: %s", submission_id, error)
    else:
        _gate.report(published=True)


def final_subscribe(watched: Container[str], call: Callable[[str], object]) -> None:
    """Call `call` with each id of `watched` that becomes final. Returns at once.

    The process has one subscriber thread; later calls do nothing.
    """
    if _begun.acquire(blocking=False):
        threading.Thread(target=_listen, args=(watched, call), name="notices", daemon=True).start()


def _listen(watched: Container[str], call: Callable[[str], object]) -> None:
    while True:
        try:
            client: Any = _client()
            with client.pubsub() as pubsub:
                pubsub.subscribe(_CHANNEL)
                _pass_on(pubsub, watched, call)
        except (redis.RedisError, OSError) as error:
            logger.warning("can't receive notices: %s", error)
        except Exception:  # no message may end the only subscriber thread
            logger.exception("can't read a notice")
        time.sleep(_RECONNECT_SECONDS)


def _pass_on(pubsub: Any, watched: Container[str], call: Callable[[str], object]) -> None:
    """Pass notices on until the server is silent for too long. Raises redis.RedisError."""
    pinged = False
    while True:
        message = pubsub.get_message(timeout=_SILENCE_SECONDS)
        if message is None:
            if pinged:
                message = "the cache is silent"
                raise redis.TimeoutError(message)
            pubsub.ping()
            pinged = True
            continue
        pinged = False
        if message["type"] == "message":
            key = message["data"].decode("ascii", "replace").lower()
            if key in watched:
                call(key)
