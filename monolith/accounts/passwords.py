"""Password rules, hashing and verification."""

import os
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.errors import Unavailable

MIN_CHARACTERS = 10
MAX_CHARACTERS = 128
_MAX_SIMILARITY = 0.7  # Django's own bound
_SLOT_WAIT_SECONDS = 5.0


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters: 19 MiB, two passes, one lane (about 20 ms of one core).

    Django's own parameters take 100 MiB for each sign-in, gigabytes for many at once.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


_hasher = PasswordHasher()
_common = CommonPasswordValidator()
# More hashes at once than cores would cost memory and not be faster.
_slots = BoundedSemaphore(max(2, os.cpu_count() or 1))


def password_check(password: str, *, email: str) -> None:
    """Raise ValidationError, with all its reasons, for a password that is too easy to guess."""
    reasons = []
    if len(password) < MIN_CHARACTERS:
        reasons.append(f"Use at least {MIN_CHARACTERS} characters.")
    if len(password) > MAX_CHARACTERS:
        reasons.append(f"Use at most {MAX_CHARACTERS} characters.")
    else:
        if _is_common(password):
            reasons.append("This password is too common.")
        if _resembles(password, email):
            reasons.append("This password is too similar to the email.")
    if reasons:
        raise ValidationError(reasons)


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Hold one of the process's slots for computing a hash.

    Raises Unavailable after 5 s without a free slot. No more than WEB_THREADS requests wait.
    """
    if not _slots.acquire(timeout=_SLOT_WAIT_SECONDS):
        raise Unavailable
    try:
        yield
    finally:
        _slots.release()


def password_hash(password: str) -> str:
    """Return a new Argon2id hash. Takes about 20 ms of one core. Raises Unavailable if busy."""
    with hashing_slot():
        return _hash(password)


def password_verify(password: str, *, hashed: str | None) -> bool:
    """Return whether `password` matches the hash. Without a hash: False, after the same time.

    Takes about 20 ms of one core, so the caller holds a `hashing_slot`.
    """
    right: bool = _hasher.verify(_canonical(password), hashed or _DUMMY_HASH)
    return right and hashed is not None


def _hash(password: str) -> str:
    hashed: str = _hasher.encode(_canonical(password), _hasher.salt())
    return hashed


def _canonical(password: str) -> str:
    # Keyboards differ in whether letters are composed or decomposed.
    return unicodedata.normalize("NFC", password)


def _is_common(password: str) -> bool:
    try:
        _common.validate(password)
    except ValidationError:
        return True
    return False


def _resembles(password: str, email: str) -> bool:
    """Return whether Django finds the password similar to the email or a component of it."""
    lowered = password.lower()
    local, _, domain = email.partition("@")
    return any(
        len(part) * 10 >= len(lowered)
        and SequenceMatcher(a=lowered, b=part).ratio() >= _MAX_SIMILARITY
        for part in (email, local, domain)
    )


# An unknown email is checked against this one, so that it takes as long as a known one.
_DUMMY_HASH = _hash(secrets.token_urlsafe())
