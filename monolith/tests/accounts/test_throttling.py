"""How often signing in may fail."""

import json
import time

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.conftest import PASSWORD
from tests.parts import Valkey


def _sign_in(email: str, password: str, address: str = "192.0.2.7") -> HttpResponse:
    return APIClient().post(
        "/api/v1/tokens",
        {"email": email, "password": password},
        format="json",
        headers={"x-forwarded-for": address},
    )


def test_the_eleventh_failure_of_an_account_is_refused(signed_up: str) -> None:
    statuses = [_sign_in(signed_up, "wrong enough", f"192.0.2.{n}").status_code for n in range(11)]
    assert statuses == [401] * 10 + [429]
    refused = _sign_in(signed_up, PASSWORD)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "300"
    assert json.loads(refused.content)["code"] == "too-many-requests"


def test_an_unknown_email_is_throttled_like_a_known_one(email: str) -> None:
    statuses = [_sign_in(email, "wrong enough").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_the_spelling_of_the_email_does_not_evade(signed_up: str) -> None:
    for _ in range(10):
        _sign_in(signed_up.upper(), "wrong enough")
    assert _sign_in(signed_up, PASSWORD).status_code == 429


def test_sign_ins_that_succeed_do_not_count(signed_up: str) -> None:
    assert [_sign_in(signed_up, PASSWORD).status_code for _ in range(15)] == [200] * 15


def test_many_accounts_from_one_address(settings: Settings, signed_up: str) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 5
    for number in range(5):
        assert _sign_in(f"{number}-{signed_up}", "wrong enough").status_code == 401
    assert _sign_in(signed_up, PASSWORD).status_code == 429
    assert _sign_in(signed_up, PASSWORD, address="192.0.2.8").status_code == 200


def test_nobody_is_locked_out_for_good(settings: Settings, signed_up: str) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 1
    settings.SIGN_IN_WINDOW_SECONDS = 1
    assert _sign_in(signed_up, "wrong enough").status_code == 401
    assert _sign_in(signed_up, PASSWORD).status_code == 429
    time.sleep(1.2)
    assert _sign_in(signed_up, PASSWORD).status_code == 200


def test_the_cache_holds_no_email(signed_up: str) -> None:
    _sign_in(signed_up, "wrong enough")
    raw = cache._cache.get_client(None).keys("*")  # type: ignore[attr-defined]
    assert raw
    assert not any(signed_up.encode() in key for key in raw)


def test_without_the_cache_signing_in_goes_on(signed_up: str, valkey: Valkey) -> None:
    valkey.stop()
    try:
        begun = time.monotonic()
        assert _sign_in(signed_up, PASSWORD).status_code == 200
        assert _sign_in(signed_up, "wrong enough").status_code == 401
        assert time.monotonic() - begun < 3
    finally:
        valkey.start()
    assert _sign_in(signed_up, PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "2001:DB8::1", "2001:db8::1"),
        ("127.0.0.1", "anything", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.5", "192.0.2.1", "203.0.113.5"),
    ],
)
def test_only_the_edge_is_believed(peer: str, forwarded: str, counted: str) -> None:
    APIClient(REMOTE_ADDR=peer).post(
        "/api/v1/tokens",
        {"email": "ada@example.org", "password": "wrong enough"},
        format="json",
        headers={"x-forwarded-for": forwarded},
    )
    assert cache.get(f"sign-in:address:{counted}") == 1
