"""Backing services for every test: DynamoDB's emulator and Valkey, started once."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from rest_framework.test import APIClient

from accounts import passwords
from accounts.attempt_counts import attempt_counts
from accounts.passwords import PasswordHasher
from accounts.table import table_create
from tests import settings as test_settings
from tests.aws import Aws
from tests.backing_services import Valkey

PASSWORD = "difference engine no 2"
DUMMY_PASSWORD = "no account's"
_REAL_COST = {name: getattr(PasswordHasher, name) for name in ("time_cost", "memory_cost")}


@pytest.fixture(scope="session", autouse=True)
def valkey() -> Iterator[Valkey]:
    server = Valkey(port=test_settings.CACHE_PORT)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def _dynamodb() -> Iterator[None]:
    server = Aws(port=test_settings.DYNAMODB_PORT)
    server.start()
    table_create()
    yield
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def _light_hashes() -> Iterator[None]:
    """Set the minimum cost of Argon2: few of the hundred hashes of the tests depend on it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHasher, "time_cost", 1)
        patch.setattr(PasswordHasher, "memory_cost", 8)
        patch.setattr(passwords, "_SLOT_WAIT_SECONDS", 0.5)  # for a call that never returns
        patch.setattr(passwords, "_DUMMY_HASH", passwords.password_hash(DUMMY_PASSWORD))
        yield


@pytest.fixture
def _real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, cost in _REAL_COST.items():
        monkeypatch.setattr(PasswordHasher, name, cost)
    monkeypatch.setattr(passwords, "_DUMMY_HASH", passwords.password_hash(DUMMY_PASSWORD))


@pytest.fixture
def cache() -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(settings.CACHE_URL, decode_responses=True) as client:
        yield client


@pytest.fixture(autouse=True)
def _empty_cache(cache: "redis.Redis") -> None:
    cache.flushdb()
    attempt_counts.cache_clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def email() -> str:
    return f"ada-{uuid4().hex}@example.org"


@pytest.fixture
def signed_up(api: APIClient, email: str) -> str:
    """Return the email of an account whose password is PASSWORD."""
    response = api.post("/api/v1/accounts", {"email": email, "password": PASSWORD}, format="json")
    assert response.status_code == 201, response.content
    return email


@pytest.fixture
def authorization(api: APIClient, signed_up: str) -> str:
    """Return the Authorization header of that account."""
    response = api.post("/api/v1/tokens", {"email": signed_up, "password": PASSWORD}, format="json")
    assert response.status_code == 200, response.content
    return f"Bearer {response.json()['access_token']}"
