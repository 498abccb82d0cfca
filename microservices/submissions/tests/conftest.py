"""Backing services for every test: PostgreSQL, Valkey, an emulator of S3; a fake of accounts."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import boto3
import pytest
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from moto.server import ThreadedMotoServer
from PIL import Image
from rest_framework.test import APIClient

from submissions import broker, keys, messages, storage, stored_objects
from tests import settings as test_settings
from tests.accounts import Accounts
from tests.backing_services import Postgres, Valkey
from tests.network import in_transaction, network_watch

if TYPE_CHECKING:
    from tests.processes import Processes

RESULT_BUCKET = "results"  # which the recognition service owns


@pytest.fixture(autouse=True)
def _current_app_is_kept() -> Iterator[None]:
    """Fail a test that makes another Celery application the current one of later tests."""
    yield
    assert current_app.main == "submissions"


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
    monkeypatch.setattr(messages, "published", AtOnce(messages.published_delete))


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
def _s3() -> Iterator[None]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=test_settings.S3_PORT, verbose=False)
    server.start()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    call_command("storage_ensure")
    storage.bucket_create(RESULT_BUCKET)
    yield
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def accounts() -> Iterator[Accounts]:
    stand_in = Accounts(port=test_settings.ACCOUNTS_PORT)
    stand_in.start()
    yield stand_in
    stand_in.stop()
    keys._client().close()


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory, accounts: Accounts) -> "Iterator[Processes]":
    """Yield a web process without a worker. The last test that uses it ends the process."""
    from tests.gateway import web_process  # noqa: PLC0415 - it imports this module

    with web_process(tmp_path_factory.mktemp("gateway")) as web:
        web.authorization = f"Bearer {accounts.token(uuid4())}"
        yield web


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Postgres) -> None:
    """Start the server before pytest-django creates its database."""


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
def account_id() -> UUID:
    return uuid4()


@pytest.fixture
def client_of(accounts: Accounts) -> Callable[[UUID], APIClient]:
    """Return a client that is signed in as an account."""

    def signed_in(account_id: UUID) -> APIClient:
        return APIClient(headers={"Authorization": f"Bearer {accounts.token(account_id)}"})

    return signed_in


@pytest.fixture
def owner(account_id: UUID, client_of: Callable[[UUID], APIClient]) -> APIClient:
    """Return a client that is signed in as `account_id`."""
    return client_of(account_id)


@pytest.fixture
def stranger(client_of: Callable[[UUID], APIClient]) -> APIClient:
    """Return a client that is signed in as another account."""
    return client_of(uuid4())


def image_bytes(
    media_type: str = "jpeg", size: tuple[int, int] = (40, 30), **options: Any
) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, media_type, **options)
    return buffer.getvalue()
