"""Backing services for every test: PostgreSQL, Valkey, and an emulator of S3 and DynamoDB."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import boto3
import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from rest_framework.test import APIClient

from accounts import passwords
from accounts.attempt_counts import attempt_counts
from accounts.passwords import PasswordHasher
from accounts.table import table_create
from accounts.tokens import token_issue
from recognition import stored_objects
from recognition.storage import KeptImage
from submissions import broker, dispatch, storage
from tests import settings as test_settings
from tests.aws import Aws
from tests.backing_services import Postgres, Valkey
from tests.network import in_transaction, network_watch

PASSWORD = "difference engine no 2"
DUMMY_PASSWORD = "no account's"
_REAL_COST = {name: getattr(PasswordHasher, name) for name in ("time_cost", "memory_cost")}


@pytest.fixture(autouse=True)
def _current_app_is_kept() -> Iterator[None]:
    """Fail a test that makes another Celery application the current one of later tests."""
    yield
    assert current_app.main == "monolith"


@pytest.fixture(autouse=True)
def _gate_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish at once, also right after a test whose broker was away."""
    monkeypatch.setattr(broker, "gate", broker.Gate())


class AtOnce:
    """In the place of `batches.Batches`: a test sees the effect without waiting a second."""

    def __init__(self, call: Callable[[list[Any]], None]) -> None:
        self._call = call

    def add(self, item: object) -> None:
        self._call([item])


@pytest.fixture(autouse=True)
def _batches_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "published", AtOnce(dispatch.published_mark))


@pytest.fixture(scope="session", autouse=True)
def valkey() -> Iterator[Valkey]:
    server = Valkey(port=test_settings.VALKEY_PORT)
    server.start()
    yield server
    logging.getLogger("submissions.notices").disabled = True  # its thread outlives the server
    server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres(port=test_settings.POSTGRES_PORT, folder=test_settings.RUN_DIR)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def _aws() -> Iterator[None]:
    server = Aws(port=test_settings.AWS_PORT)
    server.start()
    table_create()
    call_command("storage_ensure")
    yield
    server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Postgres) -> None:
    """Start the server before pytest-django creates its database."""


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


@pytest.fixture(autouse=True)
def _no_call_in_a_transaction() -> Iterator[None]:
    """In every test, since a call within a transaction keeps rows locked and a connection taken."""
    made: list[str] = []
    with network_watch(lambda name: made.append(name) if in_transaction() else None):
        yield
    assert not made


@pytest.fixture
def _patient_sweeper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the emulator, which takes longer on a busy machine than a sweeper waits for."""
    client = boto3.client("s3", region_name=settings.AWS_REGION)
    monkeypatch.setattr(storage, "_removing_bucket", storage.bucket)
    monkeypatch.setattr(storage, "_listing_client", lambda: client)
    monkeypatch.setattr(stored_objects, "_client", lambda: client)


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


@pytest.fixture
def account_id() -> UUID:
    return uuid4()


@pytest.fixture
def client_of() -> Callable[[UUID], APIClient]:
    """Return a client that is signed in as an account, which needs no row."""

    def signed_in(account_id: UUID) -> APIClient:
        token = token_issue(account_id=account_id).access_token
        return APIClient(headers={"Authorization": f"Bearer {token}"})

    return signed_in


@pytest.fixture
def owner(account_id: UUID, client_of: Callable[[UUID], APIClient]) -> APIClient:
    """Return a client that is signed in as `account_id`."""
    return client_of(account_id)


@pytest.fixture
def stranger(client_of: Callable[[UUID], APIClient]) -> APIClient:
    """Return a client that is signed in as another account."""
    return client_of(uuid4())


def kept_image(data: bytes, media_type: str = "image/jpeg") -> KeptImage:
    """Return an image to be stored, which is its own source."""
    return KeptImage(data, media_type, source_media_type=media_type, source_bytes=len(data))


def image_bytes(
    media_type: str = "jpeg", size: tuple[int, int] = (40, 30), **options: Any
) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, media_type, **options)
    return buffer.getvalue()
