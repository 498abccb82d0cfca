"""Broken responses of the object store."""

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from recognition import reading, storage
from recognition.errors import SourceUnreachable, Unavailable
from tests.conftest import kept_image


class _Cutting(BaseHTTPRequestHandler):
    """Announces ten bytes and sends as many as configured."""

    sends = b"12345"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT")
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(self.sends)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def cutting(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Cutting]]:
    handler = type("Handler", (_Cutting,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    for module in (storage, reading):
        module._bucket.cache_clear()
    yield handler
    for module in (storage, reading):
        module._bucket.cache_clear()
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_body_that_is_cut_is_no_image(cutting: type[_Cutting]) -> None:
    with pytest.raises(SourceUnreachable):
        storage.source_get(bucket="images", key="x", max_bytes=100)


def test_a_whole_body_is(cutting: type[_Cutting]) -> None:
    cutting.sends = b"1234567890"
    assert storage.source_get(bucket="images", key="x", max_bytes=100) == b"1234567890"
    # One byte more than allowed shows that it is too large.
    assert storage.source_get(bucket="images", key="x", max_bytes=4) == b"12345"


def test_all_calls_go_over_one_client() -> None:
    """A client has a connection pool: one for each call would leave connections open."""
    for module in (storage, reading):
        first, second = module._bucket("images"), module._bucket("images")
        assert first is second


def test_a_large_image_comes_in_small_chunks() -> None:
    submission_id, data = uuid4(), random.randbytes(1_000_000)
    storage.image_put_once(submission_id=submission_id, image=kept_image(data, "image/png"))
    image = reading.image_open(submission_id=submission_id)
    chunks = list(image)
    image.close()
    assert b"".join(chunks) == data
    assert max(map(len, chunks)) <= 64 * 1024
    assert (image.media_type, image.size_bytes) == ("image/png", len(data))


def test_an_image_that_is_closed_early_yields_no_more() -> None:
    submission_id = uuid4()
    storage.image_put_once(
        submission_id=submission_id, image=kept_image(bytes(1_000_000), "image/png")
    )
    image = reading.image_open(submission_id=submission_id)
    next(iter(image))
    image.close()
    assert list(image) == []


def test_an_image_that_is_cut_at_once_is_never_begun(cutting: type[_Cutting]) -> None:
    with pytest.raises(Unavailable):
        reading.image_open(submission_id=uuid4())
