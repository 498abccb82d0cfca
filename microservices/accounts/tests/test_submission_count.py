"""The request to the submissions service."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient


class _Submissions(BaseHTTPRequestHandler):
    """Responds to every GET with one body, and records requests."""

    response: tuple[int, bytes] = (200, b"")
    stall_seconds = 0.0
    received: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.received.append((self.path, self.headers["Authorization"]))
        time.sleep(self.stall_seconds)
        status, body = self.response
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _submissions(
    settings: Settings, response: tuple[int, bytes], stall_seconds: float = 0.0
) -> Iterator[list[tuple[str, str | None]]]:
    received: list[tuple[str, str | None]] = []
    handler = type(
        "Handler",
        (_Submissions,),
        {"response": response, "stall_seconds": stall_seconds, "received": received},
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    settings.SUBMISSIONS_URL = f"http://127.0.0.1:{server.server_port}"
    try:
        yield received
    finally:
        server.shutdown()
        server.socket.close()
        thread.join()


def _count(api: APIClient, authorization: str) -> int | None:
    response = api.get("/api/v1/account", headers={"authorization": authorization})
    assert response.status_code == 200
    count: int | None = response.json()["submission_count"]
    return count


def test_the_request_carries_the_callers_token(
    api: APIClient, authorization: str, settings: Settings
) -> None:
    with _submissions(settings, (200, json.dumps({"count": 7}).encode())) as received:
        assert _count(api, authorization) == 7
    assert received == [("/internal/submission-count", authorization)]


@pytest.mark.parametrize(
    "response",
    [
        (500, b"{}"),
        (500, b'{"count": 7}'),
        (401, b"{}"),
        (302, b""),
        (200, b"no json"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"count": "7"}'),
        (200, b'{"count": null}'),
    ],
)
def test_an_invalid_response_is_no_count(
    api: APIClient, authorization: str, settings: Settings, response: tuple[int, bytes]
) -> None:
    with _submissions(settings, response):
        assert _count(api, authorization) is None


def test_a_missing_response_is_no_count(
    api: APIClient, authorization: str, settings: Settings
) -> None:
    with _submissions(settings, (200, b"{}"), stall_seconds=5.0):
        begun = time.monotonic()
        assert _count(api, authorization) is None
        assert 0.9 < time.monotonic() - begun < 4.5


def test_without_the_service_the_account_is_still_returned(
    api: APIClient, authorization: str, settings: Settings
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        settings.SUBMISSIONS_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert _count(api, authorization) is None
