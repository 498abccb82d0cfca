"""Limits of failed sign-ins, and of accounts created from one network."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore
from uuid import uuid4

import pytest
import redis
from django.http import HttpResponse
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts import passwords
from tests.backing_services import Valkey
from tests.conftest import PASSWORD


def _sign_in(email: str, password: str, address: str = "192.0.2.7") -> HttpResponse:
    return APIClient().post(
        "/api/v1/tokens",
        {"email": email, "password": password},
        format="json",
        headers={"x-forwarded-for": address},
    )


def _sign_up(address: str = "192.0.2.7") -> HttpResponse:
    return APIClient().post(
        "/api/v1/accounts",
        {"email": f"{uuid4().hex}@example.org", "password": PASSWORD},
        format="json",
        headers={"x-forwarded-for": address},
    )


def test_the_eleventh_failure_of_an_account_is_refused(signed_up: str) -> None:
    statuses = [_sign_in(signed_up, "wrong enough").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    refused = _sign_in(signed_up, PASSWORD)
    assert refused.status_code == 429
    assert 290 <= int(refused["Retry-After"]) <= 300
    assert json.loads(refused.content)["code"] == "too-many-requests"


def test_of_150_parallel_guesses_10_are_judged(signed_up: str) -> None:
    barrier = Barrier(150)

    def guess(number: int) -> int:
        barrier.wait(timeout=30)
        return _sign_in(signed_up, f"wrong enough {number}").status_code

    with ThreadPoolExecutor(150) as pool:
        statuses = Counter(pool.map(guess, range(150)))
    assert statuses[401] <= 10
    assert statuses.keys() <= {401, 429, 503}
    # Attempts without a slot for a hash are not counted; the limit is still reached.
    while _sign_in(signed_up, "wrong enough").status_code == 401:
        statuses[401] += 1
    assert statuses[401] == 10


def test_the_owner_of_an_account_under_attack_signs_in_from_another_network(
    signed_up: str,
) -> None:
    for _ in range(12):
        _sign_in(signed_up, "wrong enough")
    assert _sign_in(signed_up, PASSWORD).status_code == 429
    assert _sign_in(signed_up, PASSWORD, address="192.0.2.8").status_code == 200


def test_many_networks_share_a_limit_for_one_account(settings: Settings, signed_up: str) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT_TOTAL = 6
    addresses = [f"192.0.2.{number}" for number in range(8)]
    statuses = [_sign_in(signed_up, "wrong enough", it).status_code for it in addresses]
    assert statuses == [401] * 6 + [429] * 2


def test_what_is_refused_counts_nowhere(settings: Settings, signed_up: str) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 1
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    statuses = [_sign_in(signed_up, "wrong enough").status_code for _ in range(6)]
    assert statuses == [401] + [429] * 5
    assert _sign_in(f"x{signed_up}", "wrong enough").status_code == 401


def test_the_addresses_of_one_ipv6_network_share_a_limit(settings: Settings, email: str) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 2
    addresses = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:0:3::", "2001:db8:0:1::1"]
    statuses = [_sign_in(email, "wrong enough", it).status_code for it in addresses]
    assert statuses == [401, 401, 429, 401]


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


def test_no_account_is_locked_for_ever(settings: Settings, signed_up: str) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 1
    settings.SIGN_IN_WINDOW_SECONDS = 1
    assert _sign_in(signed_up, "wrong enough").status_code == 401
    assert _sign_in(signed_up, PASSWORD).status_code == 429
    time.sleep(1.2)
    assert _sign_in(signed_up, PASSWORD).status_code == 200


def test_a_twenty_first_account_from_one_network_is_refused() -> None:
    assert [_sign_up().status_code for _ in range(20)] == [201] * 20
    refused = _sign_up()
    assert refused.status_code == 429
    assert json.loads(refused.content)["code"] == "too-many-requests"
    assert 3590 <= int(refused["Retry-After"]) <= 3600
    assert _sign_up(address="192.0.2.8").status_code == 201


def test_what_is_no_account_at_all_does_not_count(settings: Settings) -> None:
    settings.SIGN_UPS_PER_ADDRESS = 1
    for _ in range(3):
        response = APIClient(REMOTE_ADDR="192.0.2.7").post(
            "/api/v1/accounts", {"email": "ada@example.org", "password": "short"}, format="json"
        )
        assert response.status_code == 422
    assert _sign_up().status_code == 201


def test_a_sign_up_that_the_table_could_not_take_does_not_count(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGN_UPS_PER_ADDRESS = 1
    with monkeypatch.context() as away:
        away.setattr(passwords, "_SLOT_WAIT_SECONDS", 0.01)
        away.setattr(passwords, "_slots", BoundedSemaphore(1))
        with passwords.hashing_slot():
            assert _sign_up().status_code == 503
    assert _sign_up().status_code == 201


def test_the_cache_holds_no_email(signed_up: str, cache: "redis.Redis") -> None:
    _sign_in(signed_up, "wrong enough")
    keys = cache.keys("*")
    assert keys
    assert not any(signed_up in key for key in keys)


def test_every_count_ends_by_itself(signed_up: str, cache: "redis.Redis") -> None:
    _sign_in(signed_up, "wrong enough")
    assert all(cache.pttl(key) > 0 for key in cache.keys("*"))


def test_without_the_cache_signing_in_goes_on_and_guesses_are_counted(
    signed_up: str, valkey: Valkey
) -> None:
    valkey.stop()
    try:
        begun = time.monotonic()
        assert _sign_in(signed_up, PASSWORD).status_code == 200
        statuses = [_sign_in(signed_up, "wrong enough").status_code for _ in range(11)]
        assert time.monotonic() - begun < 10
    finally:
        valkey.start()
    assert statuses == [401] * 10 + [429]


def test_with_a_stalled_cache_signing_in_goes_on_and_guesses_are_counted(
    signed_up: str, valkey: Valkey
) -> None:
    with valkey.stalled():
        begun = time.monotonic()
        assert _sign_in(signed_up, PASSWORD).status_code == 200
        statuses = [_sign_in(signed_up, "wrong enough").status_code for _ in range(11)]
        assert time.monotonic() - begun < 20  # without a time limit it would hang
    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "2001:DB8::1", "2001:db8::/64"),
        ("127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "anything", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.5", "192.0.2.1", "203.0.113.5"),
    ],
)
def test_only_the_edge_is_trusted(
    peer: str, forwarded: str, counted: str, cache: "redis.Redis"
) -> None:
    APIClient(REMOTE_ADDR=peer).post(
        "/api/v1/tokens",
        {"email": "ada@example.org", "password": "wrong enough"},
        format="json",
        headers={"x-forwarded-for": forwarded},
    )
    assert cache.get(f"sign-in:address:{counted}") == "1"
