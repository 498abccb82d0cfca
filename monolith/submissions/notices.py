"""Notices that a submission is final, from the process that made it so to those where clients wait.

By pub/sub over the cache. They are only hints: the waiting side looks at the rows every second as
well, so nothing is lost while the cache is away.
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
# After so long without a message the server is pinged, and after as long again it counts as gone.
_SILENCE_SECONDS = 5.0

_begun = threading.Lock()
_gate = Gate()


@cache
def _client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.CACHE_URL,
        socket_connect_timeout=0.5,
        socket_timeout=0.5,
        # A notice is a hint: nobody waits for a cache that is away.
        retry=Retry(NoBackoff(), 0),
    )


def final_publish(submission_id: UUID) -> None:
    """Publish that a submission is final. Never raises.

    Takes half a second or so at most, and no time for a second after a failure: one who ends many
    submissions doesn't wait for the cache at each.
    """
    if not _gate.enter():
        return
    try:
        _client().publish(_CHANNEL, str(submission_id))
    except (redis.RedisError, OSError) as error:
        _gate.report(published=False)
        logger.warning("no notice that %s is final: %s", submission_id, error)
    else:
        _gate.report(published=True)


def final_subscribe(watched: Container[str], call: Callable[[str], object]) -> None:
    """Call `call` with each id of `watched` that becomes final. Returns at once.

    The process has one listener; later calls do nothing.
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
            logger.warning("no notices for now: %s", error)
        except Exception:  # nothing that is received may end the only listener
            logger.exception("a notice can't be read")
        time.sleep(_RECONNECT_SECONDS)


def _pass_on(pubsub: Any, watched: Container[str], call: Callable[[str], object]) -> None:
    """Pass notices on until the server is silent for too long. Raises what redis raises."""
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
