"""Tokens, verified with keys that are fetched from accounts and cached."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from joserfc.jwk import OKPKey
from rest_framework.test import APIClient

from submissions import keys
from submissions.authentication import token_verify
from submissions.errors import Unauthenticated
from tests.accounts import Accounts

pytestmark = pytest.mark.django_db

PATH = "/api/v1/submissions"


@pytest.fixture(autouse=True)
def fresh(accounts: Accounts) -> Iterator[None]:
    """Begin each test without cached keys, and restore accounts after it."""
    before = list(accounts.keys)
    keys._cache.cache_clear()
    yield
    accounts.keys = before
    keys._cache.cache_clear()


def get(token: str) -> HttpResponse:
    return APIClient(headers={"Authorization": f"Bearer {token}"}).get(PATH)


def refused(response: HttpResponse) -> bool:
    body = json.loads(response.content)
    assert response["WWW-Authenticate"].startswith("Bearer")
    return (response.status_code, body["code"]) == (401, "unauthenticated")


def test_a_good_token(accounts: Accounts) -> None:
    assert get(accounts.token(uuid4())).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"nbf": int(time.time()) + 600},
        {"iat": int(time.time()) + 600},
        {"iss": "another"},
        {"iss": None},
        {"aud": "elsewhere"},
        {"aud": None},
        {"sub": "no uuid"},
        {"sub": None},
    ],
)
def test_a_claim_that_is_wrong(accounts: Accounts, claims: dict[str, Any]) -> None:
    assert refused(get(accounts.token(uuid4(), **claims)))


def test_a_key_that_accounts_does_not_have(accounts: Accounts) -> None:
    assert refused(get(accounts.token(uuid4(), key=Accounts.new_key())))


def test_another_key_under_a_known_name(accounts: Accounts) -> None:
    kid = accounts.keys[0].kid
    assert kid is not None
    forged = OKPKey.generate_key("Ed25519", {"kid": kid})
    assert refused(get(accounts.token(uuid4(), key=forged)))


def _part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "EdDSA", "jku": "http://127.0.0.1:1/keys"},
        {"alg": "EdDSA", "x5u": "http://127.0.0.1:1/keys"},
        {"alg": "EdDSA", "kid": "../../etc/passwd"},
        {"alg": "EdDSA", "kid": 7},
        {"alg": "EdDSA", "kid": None},
        {},
        [],
        ["alg"],
    ],
)
def test_a_header_that_wants_something_else(accounts: Accounts, header: Any) -> None:
    _, payload, signature = accounts.token(uuid4()).split(".")
    kid = {"kid": accounts.keys[0].kid}
    whole = kid | header if isinstance(header, dict) else header
    assert refused(get(f"{_part(whole)}.{payload}.{signature}"))
    assert refused(get(f"{_part(whole)}.{payload}."))


def test_bits_that_flip(accounts: Accounts) -> None:
    token = accounts.token(uuid4())
    for position in range(0, len(token), 7):
        flipped = chr(ord(token[position]) ^ 1)
        response = get(f"{token[:position]}{flipped}{token[position + 1 :]}")
        # The last character of a part may have unused bits.
        assert response.status_code == 401 or token[position + 1 : position + 2] in {"", "."}


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "a.b.c.d", "..", "é", "x" * 10_000])
def test_what_is_no_token(token: str) -> None:
    assert refused(get(token))


def test_keys_are_fetched_once(accounts: Accounts) -> None:
    before = accounts.received
    for _ in range(5):
        assert get(accounts.token(uuid4())).status_code == 200
    assert accounts.received == before + 1


def test_an_unknown_kid_fetches_again_but_not_for_each_token(accounts: Accounts) -> None:
    get(accounts.token(uuid4()))
    before = accounts.received
    stranger = Accounts.new_key()
    for _ in range(5):
        assert refused(get(accounts.token(uuid4(), key=stranger)))
    assert accounts.received == before


def test_a_token_whose_key_is_at_hand_is_verified_without_a_call(accounts: Accounts) -> None:
    token, unknown = accounts.token(uuid4()), accounts.token(uuid4(), key=Accounts.new_key())
    with pytest.raises(keys.KeysNotAtHand):
        token_verify(token, at_hand=True)
    known = token_verify(token)
    before = accounts.received
    assert token_verify(token, at_hand=True) == known
    # The keys were fetched just now, so this kid causes no request.
    with pytest.raises(Unauthenticated):
        token_verify(unknown, at_hand=True)
    assert accounts.received == before


def test_a_key_that_may_be_new_is_not_at_hand(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_verify(accounts.token(uuid4()))
    monkeypatch.setattr(keys, "_REFETCH_PAUSE_SECONDS", 0)
    with pytest.raises(keys.KeysNotAtHand):
        token_verify(accounts.token(uuid4(), key=Accounts.new_key()), at_hand=True)


def test_a_rotated_key_is_known_soon(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    old = accounts.token(uuid4())
    assert get(old).status_code == 200
    accounts.keys = [Accounts.new_key(), *accounts.keys]
    new = accounts.token(uuid4())
    monkeypatch.setattr(keys, "_REFETCH_PAUSE_SECONDS", 0)
    assert get(new).status_code == 200
    assert get(old).status_code == 200


def test_a_withdrawn_key_is_forgotten(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    old = accounts.token(uuid4())
    assert get(old).status_code == 200
    accounts.keys = [Accounts.new_key()]
    monkeypatch.setattr(keys, "_REFRESH_SECONDS", 0)
    monkeypatch.setattr(keys, "_REFETCH_PAUSE_SECONDS", 0)
    assert refused(get(old))


def test_while_accounts_is_away_known_keys_go_on_working(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = accounts.token(uuid4())
    assert get(token).status_code == 200
    accounts.stop()
    try:
        monkeypatch.setattr(keys, "_REFRESH_SECONDS", 0)
        monkeypatch.setattr(keys, "_REFETCH_PAUSE_SECONDS", 0)
        assert get(token).status_code == 200
    finally:
        accounts.start()


def test_without_any_keys_no_token_can_be_verified(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_REFETCH_PAUSE_WITHOUT_KEYS_SECONDS", 0)
    token = accounts.token(uuid4())
    accounts.stop()
    try:
        response = get(token)
        assert (response.status_code, json.loads(response.content)["code"]) == (503, "unavailable")
        assert response["Retry-After"]
    finally:
        accounts.start()
    assert get(token).status_code == 200
