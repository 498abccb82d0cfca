"""Verified tokens are kept by their text: their signature is verified once, all else each time."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from submissions import keys
from submissions.authentication import token_verify
from submissions.errors import Unauthenticated
from submissions.verified_tokens import SignedToken, VerifiedTokens
from tests.accounts import Accounts


@pytest.fixture(autouse=True)
def fresh(accounts: Accounts) -> Iterator[None]:
    """Begin each test without cached keys, and restore accounts after it."""
    before = list(accounts.keys)
    keys._cache.cache_clear()
    yield
    accounts.keys = before
    keys._cache.cache_clear()


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the tokens whose signature is verified from now on."""
    found: list[str] = []
    decode = jwt.decode

    def noting(text: str, *args: Any, **options: Any) -> Any:
        found.append(text)
        return decode(text, *args, **options)

    monkeypatch.setattr(jwt, "decode", noting)
    return found


def test_a_signature_is_verified_once(accounts: Accounts, decoded: list[str]) -> None:
    one, other = accounts.token(uuid4()), accounts.token(uuid4())
    assert len({token_verify(text).id for text in (one, other, one, other)}) == 2
    assert decoded == [one, other]


def test_a_token_that_expires_is_refused_although_it_was_verified(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, now = accounts.token(uuid4()), time.time()
    token_verify(text)
    monkeypatch.setattr(time, "time", lambda: now + 904)
    token_verify(text)
    monkeypatch.setattr(time, "time", lambda: now + 906)
    with pytest.raises(Unauthenticated):
        token_verify(text)


def test_a_token_of_a_replaced_key_is_refused_although_it_was_verified(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = accounts.token(uuid4())
    token_verify(text)
    kid = accounts.keys[0].kid
    assert kid is not None
    accounts.keys = [OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA", "kid": kid})]
    monkeypatch.setattr(keys, "_REFRESH_SECONDS", 0)
    monkeypatch.setattr(keys, "_REFETCH_PAUSE_SECONDS", 0)
    with pytest.raises(Unauthenticated):
        token_verify(text)


def test_keys_that_are_fetched_again_leave_verified_tokens(
    accounts: Accounts, decoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = accounts.token(uuid4())
    token_verify(text)
    key = keys.public_key(str(accounts.keys[0].kid))
    monkeypatch.setattr(keys, "_REFRESH_SECONDS", 0)
    monkeypatch.setattr(keys, "_REFETCH_PAUSE_SECONDS", 0)
    fetched_at = keys._cache()._fetched_at
    token_verify(text)
    assert keys._cache()._fetched_at > fetched_at
    assert keys.public_key(str(accounts.keys[0].kid)) is key
    assert decoded == [text]


def test_a_verified_token_helps_no_other_one(accounts: Accounts, decoded: list[str]) -> None:
    text = accounts.token(uuid4())
    token_verify(text)
    header, claims, signature = text.split(".")
    for forged in (f"{header}.{claims}.", f"{header}.{claims}.{signature[::-1]}", f"{text} "):
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                token_verify(forged)
    assert decoded.count(text) == 1


def test_the_least_recently_used_are_dropped() -> None:
    verified, key = VerifiedTokens(most=2), OKPKey.generate_key("Ed25519")
    for text in ("a", "b"):
        verified.keep(text, SignedToken("one", key, {"sub": text}))
    verified.find("a")
    verified.keep("c", SignedToken("one", key, {"sub": "c"}))
    kept = {text for text in "abc" if verified.find(text)}
    assert kept == {"a", "c"}
