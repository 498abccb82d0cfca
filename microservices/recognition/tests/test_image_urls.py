"""One attempt at a submission by URL."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from recognition.messages import read_requested
from recognition.services import recognition_run
from tests.backing_services import url_request
from tests.conftest import image_bytes
from tests.contract import assert_keeps_contract
from tests.fakes import FakeStore, dependencies


class _Images(BaseHTTPRequestHandler):
    data = image_bytes("WEBP")

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.data)))
        self.end_headers()
        self.wfile.write(self.data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def image_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Images)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_url_that_is_admitted(image_server: str) -> None:
    outcome = recognition_run(
        request=read_requested(url_request(f"http://{image_server}/a.webp")),
        dependencies=dependencies(FakeStore(), fetch_allow=frozenset({image_server})),
    )
    assert_keeps_contract(outcome)
    assert outcome.body["image"]["source_media_type"] == "image/webp"
    assert outcome.body["image"]["source_bytes"] == len(_Images.data)


def test_a_url_that_is_not_admitted(image_server: str) -> None:
    outcome = recognition_run(
        request=read_requested(url_request(f"http://{image_server}/a.webp")),
        dependencies=dependencies(FakeStore()),
    )
    assert_keeps_contract(outcome)
    assert (outcome.name, outcome.body["code"]) == ("recognition.failed", "image-forbidden-address")
    assert not outcome.body["retryable"]
    assert image_server not in outcome.body["detail"]
