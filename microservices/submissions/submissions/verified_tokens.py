"""Tokens whose signature has been verified, so that it isn't verified again with each request."""

from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import Any, NamedTuple

from joserfc.jwk import Key

_TOKENS_MAX = 4096


class SignedToken(NamedTuple):
    """The claims of a token that the key has signed. They may have expired since."""

    kid: str
    key: Key
    claims: dict[str, Any]


class VerifiedTokens:
    """The signed tokens of a process, by a digest of their text; drops the least recently used.

    The caller compares the key with the current one of its name, and checks the claims each time:
    a key that was withdrawn or replaced and a token that has expired are refused at once.
    """

    def __init__(self, *, most: int = _TOKENS_MAX) -> None:
        """Keep `most` tokens at most."""
        self._most = most
        self._lock = Lock()
        self._signed: OrderedDict[bytes, SignedToken] = OrderedDict()

    def find(self, text: str) -> SignedToken | None:
        """Return the token if its signature has been verified."""
        digest = _digest(text)
        with self._lock:
            signed = self._signed.get(digest)
            if signed is not None:
                self._signed.move_to_end(digest)
        return signed

    def keep(self, text: str, signed: SignedToken) -> None:
        """Keep a token whose signature has just been verified."""
        with self._lock:
            self._signed[_digest(text)] = signed
            if len(self._signed) > self._most:
                self._signed.popitem(last=False)


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
