"""Slow, busy or unavailable DynamoDB: a 503 soon, never a 500."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts import table
from accounts.errors import EmailTaken
from accounts.models import Account
from accounts.tokens import token_issue, token_verify
from tests.conftest import PASSWORD


class _Emulator(BaseHTTPRequestHandler):
    """A client that returns the same response to every call."""

    code = ""
    stall_seconds = 0.0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.stall_seconds)
        body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{self.code}"}).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # longer than any caller waits
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _dynamodb_at(endpoint: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
        table._client.cache_clear()
        try:
            yield
        finally:
            table._client.cache_clear()


@contextmanager
def _faulty_dynamodb(*, code: str = "", stall_seconds: float = 0.0) -> Iterator[None]:
    handler = type("Faulty", (_Emulator,), {"code": code, "stall_seconds": stall_seconds})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        with _dynamodb_at(f"http://127.0.0.1:{server.server_port}"):
            yield
    finally:
        server.shutdown()
        server.socket.close()
        thread.join()


def _calls() -> dict[str, Callable[[], object]]:
    api = APIClient()
    body = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}
    header = {"authorization": f"Bearer {token_issue(account_id=uuid4()).access_token}"}
    return {
        "sign up": lambda: api.post("/api/v1/accounts", body, format="json"),
        "sign in": lambda: api.post("/api/v1/tokens", body, format="json"),
        "account": lambda: api.get("/api/v1/account", headers=header),
    }


def _assert_unavailable(response: object) -> None:
    assert response.status_code == 503, response.content  # type: ignore[attr-defined]
    assert int(response["Retry-After"]) >= 1  # type: ignore[index]
    problem = response.json()  # type: ignore[attr-defined]
    assert problem["code"] == "unavailable"
    assert "127.0.0.1" not in json.dumps(problem)


@pytest.mark.parametrize("call", ["sign up", "sign in", "account"])
def test_errors_of_dynamodb(call: str) -> None:
    with _faulty_dynamodb(code="InternalServerError"):
        _assert_unavailable(_calls()[call]())


@pytest.mark.parametrize(
    "code",
    [
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "ResourceNotFoundException",
    ],
)
def test_refusals_of_dynamodb(code: str) -> None:
    with _faulty_dynamodb(code=code):
        _assert_unavailable(_calls()["sign in"]())


@pytest.mark.slow
def test_a_stall_ends_soon_and_tokens_stay_good() -> None:
    token = token_issue(account_id=uuid4()).access_token
    with _faulty_dynamodb(stall_seconds=10.0):
        begun = time.monotonic()
        _assert_unavailable(_calls()["sign in"]())
        assert time.monotonic() - begun < 7
        token_verify(token)
        assert APIClient().get("/livez").status_code == 200


@pytest.mark.django_db
def test_a_refused_connection_is_unavailability() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with _dynamodb_at(endpoint):
            for call in _calls().values():
                _assert_unavailable(call())
            ready = APIClient().get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["status"] == "unavailable"
    assert ready.json()["parts"]["dynamodb"] == "unavailable"
    assert APIClient().get("/readyz").json()["parts"]["dynamodb"] == "ok"


def test_the_table_is_made_once() -> None:
    table.table_create()
    table.table_create()
    table.table_check()


def test_a_sign_up_whose_response_was_lost_is_no_email_taken() -> None:
    """The client retries a transaction with an unknown outcome."""
    account = Account(id=uuid4(), email=f"{uuid4().hex}@example.org", created_at=datetime.now(UTC))
    for _ in range(2):
        table.account_put(account, password_hash="x")
    other = Account(id=uuid4(), email=account.email, created_at=account.created_at)
    with pytest.raises(EmailTaken):
        table.account_put(other, password_hash="x")
