"""The public keys of the accounts service, fetched when they are needed and kept.

While accounts is unavailable, the keys that were fetched before stay in use: a token is verified by
its signature alone.
"""

import logging
import threading
import time
from functools import cache

import httpx
from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from submissions.errors import Unavailable

logger = logging.getLogger(__name__)

ALGORITHM = "EdDSA"
_CURVE = "Ed25519"

_TIMEOUT_SECONDS = 2.0
# An unknown kid may belong to a new key, or be made up by a client.
_REFETCH_PAUSE_SECONDS = 10.0
_REFETCH_PAUSE_WITHOUT_KEYS_SECONDS = 1.0
# For so long a withdrawn key still works.
_REFRESH_SECONDS = 300.0


def public_key(kid: str) -> OKPKey | None:
    """Return the key, or None if accounts doesn't have it. Raises Unavailable without any keys."""
    return _cache().key(kid)


def public_key_at_hand(kid: str) -> OKPKey | None:
    """Return the key, or None if accounts doesn't have it, without waiting for anything.

    Raises KeysNotAtHand where accounts has to be called first.
    """
    return _cache().key_at_hand(kid)


class KeysNotAtHand(Exception):
    """Only a call to the accounts service can show whether there is such a key."""


class _KeyCache:
    """The keys of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, OKPKey] = {}
        self._fetched_at = self._attempted_at = float("-inf")

    def key(self, kid: str) -> OKPKey | None:
        found = self._keys.get(kid)
        fresh = time.monotonic() - self._fetched_at < _REFRESH_SECONDS
        # One thread at a time fetches; the others wait only if they have no key.
        if (not found or not fresh) and self._lock.acquire(blocking=found is None):
            try:
                if self._may_fetch(kid):
                    self._fetch()
            finally:
                self._lock.release()
        if not self._keys:
            raise Unavailable
        return self._keys.get(kid)

    def key_at_hand(self, kid: str) -> OKPKey | None:
        found = self._keys.get(kid)
        # Stale keys go on working while another thread fetches them, as in `key`.
        fetching = self._lock.locked()
        if self._may_fetch(kid) if not fetching else found is None:
            raise KeysNotAtHand
        if not self._keys:
            raise Unavailable
        return found

    def _may_fetch(self, kid: str) -> bool:
        now = time.monotonic()
        if kid in self._keys and now - self._fetched_at < _REFRESH_SECONDS:
            return False  # another thread has just fetched it
        pause = _REFETCH_PAUSE_SECONDS if self._keys else _REFETCH_PAUSE_WITHOUT_KEYS_SECONDS
        return now - self._attempted_at >= pause

    def _fetch(self) -> None:
        self._attempted_at = time.monotonic()
        try:
            response = _client().get(settings.JWKS_URL)
            response.raise_for_status()
            keys = {
                jwk["kid"]: self._kept(jwk["kid"], OKPKey.import_key(jwk))
                for jwk in response.json()["keys"]
                if jwk.get("kty") == "OKP" and jwk.get("crv") == _CURVE
            }
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            logger.warning("can't fetch the keys of accounts: %r", error)
            return
        if keys:
            self._keys, self._fetched_at = keys, time.monotonic()

    def _kept(self, kid: str, fetched: OKPKey) -> OKPKey:
        """Return the object of a key that is known: tokens that it has verified stay verified."""
        known = self._keys.get(kid)
        is_same = known is not None and known.thumbprint() == fetched.thumbprint()
        return known if known is not None and is_same else fetched


@cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=_TIMEOUT_SECONDS, trust_env=False)


@cache
def _cache() -> _KeyCache:
    return _KeyCache()
