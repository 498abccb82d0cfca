"""A table that is throttled, as AWS throttles one: another attempt after a pause, then a 503."""

import http.client
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from accounts import table
from tests.conftest import PASSWORD

THROUGHPUT = "ProvisionedThroughputExceededException"
LIMIT = "RequestLimitExceeded"
ATTEMPTS_OF_A_READ = 2
ATTEMPTS_OF_A_TRANSACTION = 4


@dataclass
class Calls:
    """The calls that reached the endpoint, and how many of the first ones it throttles."""

    throttled: int
    code: str = THROUGHPUT
    reasons: tuple[str, ...] = ()
    names: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def refusal(self) -> bytes:
        """Return the error's body, with the reasons of a cancelled transaction."""
        body: dict[str, object] = {"__type": f"com.amazonaws.dynamodb.v20120810#{self.code}"}
        if self.reasons:
            body["CancellationReasons"] = [{"Code": reason} for reason in self.reasons]
        return json.dumps(body).encode()


class _Endpoint(BaseHTTPRequestHandler):
    """Throttles the first calls, and passes all later ones on to the emulator."""

    calls: Calls
    upstream: str

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.calls.names.append(self.headers["X-Amz-Target"].partition(".")[2])
        self.calls.times.append(time.monotonic())
        if len(self.calls.names) <= self.calls.throttled:
            self._respond(400, self.calls.refusal())
            return
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc, timeout=10)
        connection.request("POST", self.path, body, dict(self.headers))
        response = connection.getresponse()
        self._respond(response.status, response.read())
        connection.close()

    def _respond(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def throttling(calls: Calls) -> Iterator[None]:
    """Have the unit call DynamoDB through an endpoint that throttles the first calls."""
    upstream = os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
    handler = type("Throttling", (_Endpoint,), {"calls": calls, "upstream": upstream})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{server.server_port}")
        table._client.cache_clear()
        try:
            yield
        finally:
            table._client.cache_clear()
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.fixture
def sign_in(api: APIClient, signed_up: str) -> Callable[[], int]:
    def call() -> int:
        body = {"email": signed_up, "password": PASSWORD}
        response = api.post("/api/v1/tokens", body, format="json")
        if response.status_code == 503:
            assert int(response["Retry-After"]) >= 1
            assert response.json()["code"] == "unavailable"
        return int(response.status_code)

    return call


@pytest.mark.parametrize("code", [THROUGHPUT, LIMIT, "ThrottlingException"])
def test_a_read_that_is_throttled_once_is_made_again(sign_in: Callable[[], int], code: str) -> None:
    calls = Calls(throttled=1, code=code)
    with throttling(calls):
        assert sign_in() == 200
    assert calls.names == ["GetItem"] * 2


def test_a_read_that_stays_throttled_is_a_503_after_few_attempts(
    sign_in: Callable[[], int],
) -> None:
    calls = Calls(throttled=100)
    with throttling(calls):
        assert sign_in() == 503
    assert calls.names == ["GetItem"] * ATTEMPTS_OF_A_READ
    with throttling(Calls(throttled=0)):
        assert sign_in() == 200


def test_attempts_of_many_clients_are_spread_over_the_pause(sign_in: Callable[[], int]) -> None:
    """The pause is random, up to a second: throttled clients don't come back all at once."""
    pauses = []
    for _ in range(6):
        calls = Calls(throttled=1)
        with throttling(calls):
            assert sign_in() == 200
        pauses.append(calls.times[1] - calls.times[0])
    assert max(pauses) - min(pauses) > 0.05


def test_a_transaction_that_is_throttled_is_made_again(api: APIClient, email: str) -> None:
    calls = Calls(
        throttled=2, code="TransactionCanceledException", reasons=("None", "ThrottlingError")
    )
    body = {"email": email, "password": PASSWORD}
    with throttling(calls):
        response = api.post("/api/v1/accounts", body, format="json")
    assert response.status_code == 201
    assert calls.names == ["TransactWriteItems"] * 3


def test_a_transaction_that_stays_throttled_is_a_503(api: APIClient, email: str) -> None:
    calls = Calls(
        throttled=100,
        code="TransactionCanceledException",
        reasons=("ProvisionedThroughputExceeded", "None"),
    )
    body = {"email": email, "password": PASSWORD}
    with throttling(calls):
        response = api.post("/api/v1/accounts", body, format="json")
    assert response.status_code == 503
    assert int(response["Retry-After"]) >= 1
    assert calls.names == ["TransactWriteItems"] * ATTEMPTS_OF_A_TRANSACTION
    pauses = [later - earlier for earlier, later in pairwise(calls.times)]
    assert min(pauses) >= 0.02
    again = api.post("/api/v1/accounts", body, format="json")
    assert again.status_code == 201, "nothing of the refused attempts is stored"


@pytest.mark.django_db
def test_every_call_names_its_key(api: APIClient, email: str) -> None:
    """Signing up and in and reading the account: no Scan, no Query, at most one call for each."""
    calls = Calls(throttled=0)
    body = {"email": email, "password": PASSWORD}
    with throttling(calls):
        assert api.post("/api/v1/accounts", body, format="json").status_code == 201
        token = api.post("/api/v1/tokens", body, format="json").json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        assert api.get("/api/v1/account", headers=headers).status_code == 200
        table.table_check()
    assert calls.names == ["TransactWriteItems", "GetItem", "GetItem", "GetItem"]
