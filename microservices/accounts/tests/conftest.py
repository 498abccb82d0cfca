"""Real parts for every test: DynamoDB's emulator and Valkey, started once."""

import shutil
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.table import table_create
from tests import settings as test_settings
from tests.aws import Aws
from tests.parts import Valkey

PASSWORD = "difference engine no 2"


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
    shutil.rmtree(test_settings.RUN_DIR)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def email() -> str:
    return f"ada-{uuid4().hex}@example.org"


@pytest.fixture
def signed_up(api: APIClient, email: str) -> str:
    """The email of an account whose password is PASSWORD."""
    answer = api.post("/api/v1/accounts", {"email": email, "password": PASSWORD}, format="json")
    assert answer.status_code == 201, answer.content
    return email


@pytest.fixture
def authorization(api: APIClient, signed_up: str) -> str:
    """The header of that account, signed in."""
    answer = api.post("/api/v1/tokens", {"email": signed_up, "password": PASSWORD}, format="json")
    assert answer.status_code == 200, answer.content
    return f"Bearer {answer.json()['access_token']}"
