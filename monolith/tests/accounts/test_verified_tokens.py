"""Verified tokens are kept by their text: their signature is verified once, all else each time."""

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from pytest_django import Settings

from accounts.errors import Unauthenticated
from accounts.tokens import token_issue, token_verify
from accounts.verified_tokens import SignedToken, VerifiedTokens


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


def _token() -> str:
    return token_issue(account_id=uuid4()).access_token


def test_a_signature_is_verified_once(decoded: list[str]) -> None:
    one, other = _token(), _token()
    assert len({token_verify(text).id for text in (one, other, one, other)}) == 2
    assert decoded == [one, other]


def test_a_token_that_expires_is_refused_although_it_was_verified(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, now = _token(), time.time()
    token_verify(text)
    monkeypatch.setattr(time, "time", lambda: now + 904)
    token_verify(text)
    monkeypatch.setattr(time, "time", lambda: now + 906)
    with pytest.raises(Unauthenticated):
        token_verify(text)


def test_a_token_of_a_replaced_key_is_refused_although_it_was_verified(
    tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "keys.json"
    settings.TOKEN_SIGNING_KEYS_FILE = str(path)
    for number in range(2):
        key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA", "kid": "one"})
        path.with_suffix(".new").write_text(json.dumps(KeySet([key]).as_dict(private=True)))
        path.with_suffix(".new").replace(path)
        if not number:
            text = _token()
            token_verify(text)
    with pytest.raises(Unauthenticated):
        token_verify(text)


def test_a_verified_token_helps_no_other_one(decoded: list[str]) -> None:
    text = _token()
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
