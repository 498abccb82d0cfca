"""How often signing in may fail, for one account and from one address.

Only failures count, in windows that begin with the first failure and end by themselves: nobody is
locked out for good. The counts lie in the cache; while it is away nothing is throttled, because
being unable to sign in at all would be worse.
"""

import hashlib
import logging
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.errors import TooManyRequests

logger = logging.getLogger(__name__)


def sign_in_admit(*, email: str, client_address: str) -> None:
    """Raises TooManyRequests if signing in has failed too often. Counts nothing."""
    try:
        counts = cache.get_many([key for key, _ in _limits(email, client_address)])
    except (RedisError, OSError) as error:
        logger.warning("sign-in isn't throttled: the cache is away: %s", error)
        return
    for key, limit in _limits(email, client_address):
        if counts.get(key, 0) >= limit:
            raise TooManyRequests(retry_after_seconds=settings.SIGN_IN_WINDOW_SECONDS)


def sign_in_failed(*, email: str, client_address: str) -> None:
    """Counts one failure for the account and one for the address."""
    try:
        for key, _ in _limits(email, client_address):
            cache.add(key, 0, timeout=settings.SIGN_IN_WINDOW_SECONDS)
            try:
                cache.incr(key)
            except ValueError:  # the window ended between the two calls
                cache.add(key, 1, timeout=settings.SIGN_IN_WINDOW_SECONDS)
    except (RedisError, OSError) as error:
        logger.warning("a failed sign-in isn't counted: the cache is away: %s", error)


def _limits(email: str, client_address: str) -> Iterator[tuple[str, int]]:
    # Hashed: an email is nobody's business who reads the cache, and has characters that keys lack.
    digest = hashlib.sha256(email.encode()).hexdigest()
    yield f"sign-in:account:{digest}", settings.SIGN_IN_FAILURES_PER_ACCOUNT
    yield f"sign-in:address:{client_address}", settings.SIGN_IN_FAILURES_PER_ADDRESS
