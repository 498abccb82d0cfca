"""Images and results as the store has them, whole, in chunks, or cut."""

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from django.conf import settings

from submissions.errors import Unavailable
from submissions.results import image_get, image_key, result_get
from submissions.storage import bucket


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
    bucket.cache_clear()
    yield handler
    bucket.cache_clear()
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_result_that_is_cut_is_none(cutting: type[_Cutting]) -> None:
    with pytest.raises(Unavailable):
        result_get(submission_id=uuid4())


def test_a_large_image_comes_in_small_chunks() -> None:
    submission_id, data = uuid4(), random.randbytes(1_000_000)
    bucket(settings.IMAGE_BUCKET).call(
        lambda store: store.put(
            image_key(submission_id), data, attributes={"Content-Type": "image/png"}
        )
    )
    image = image_get(submission_id=submission_id)
    chunks = list(image)
    image.close()
    assert b"".join(chunks) == data
    assert max(map(len, chunks)) <= 64 * 1024
    assert (image.media_type, image.size_bytes) == ("image/png", len(data))


def test_an_image_that_is_closed_early_yields_no_more() -> None:
    submission_id = uuid4()
    bucket(settings.IMAGE_BUCKET).call(
        lambda store: store.put(
            image_key(submission_id), bytes(1_000_000), attributes={"Content-Type": "image/png"}
        )
    )
    image = image_get(submission_id=submission_id)
    next(iter(image))
    image.close()
    assert list(image) == []


def test_an_image_that_is_cut_at_once_is_never_begun(cutting: type[_Cutting]) -> None:
    with pytest.raises(Unavailable):
        image_get(submission_id=uuid4())
