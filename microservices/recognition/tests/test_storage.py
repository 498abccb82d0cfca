"""The store with an S3 server: objects are written once despite races, failures are converted."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from recognition.errors import AttemptFailed, SourceGone, SourceUnreachable, StorageUnavailable
from recognition.storage import S3Store, StoredImage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

STORED_IMAGE = StoredImage(b"bytes", "image/png", "image/gif", 1234)


def _store() -> S3Store:
    return S3Store(region="eu-central-1", image_bucket="images", result_bucket="results")


@pytest.fixture
def store(s3: "S3Client") -> S3Store:
    return _store()


def test_an_upload(store: S3Store, upload: str, jpeg: bytes) -> None:
    assert store.source_get(bucket="images", key=upload, max_bytes=10_000_000) == jpeg
    # One byte more than allowed shows that it is too large.
    assert store.source_get(bucket="images", key=upload, max_bytes=10) == jpeg[:11]


def test_an_upload_that_is_gone(store: S3Store) -> None:
    with pytest.raises(SourceGone) as caught:
        store.source_get(bucket="images", key="uploads/none", max_bytes=10)
    assert not caught.value.retryable


def test_of_two_images_the_first_stays(store: S3Store, s3: "S3Client") -> None:
    key = f"images/{uuid4()}"
    assert store.image_find(key=key) is None
    assert store.image_put_once(key=key, image=STORED_IMAGE) == STORED_IMAGE
    other = StoredImage(b"others", "image/jpeg", "image/jpeg", 7)
    assert store.image_put_once(key=key, image=other) == STORED_IMAGE
    assert store.image_find(key=key) == STORED_IMAGE
    assert s3.head_object(Bucket="images", Key=key)["ContentType"] == "image/png"


def test_of_racing_results_one_stays_and_all_see_it(store: S3Store) -> None:
    key = f"results/{uuid4()}.json"
    with ThreadPoolExecutor(8) as pool:
        seen = list(
            pool.map(lambda number: store.result_put_once(key=key, result={"n": number}), range(8))
        )
    stored = store.result_find(key=key)
    assert stored in [{"n": number} for number in range(8)]
    assert seen == [stored] * 8


def test_all_calls_go_over_one_client(store: S3Store) -> None:
    """A client has a connection pool: one for each call would leave connections open."""
    first, second = store._bucket("images"), store._bucket("images")
    assert first is second


def test_the_own_bucket_is_made_once(s3: "S3Client") -> None:
    store = S3Store(region="eu-central-1", image_bucket="images", result_bucket="released")
    store.result_bucket_create()
    store.result_bucket_create()
    assert "released" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def _failures(store: S3Store) -> list[AttemptFailed]:
    caught: list[AttemptFailed] = []
    for call in (
        lambda: store.source_get(bucket="images", key="uploads/x", max_bytes=10),
        lambda: store.image_put_once(key="images/x", image=STORED_IMAGE),
        lambda: store.result_put_once(key="results/x.json", result={}),
        lambda: store.result_find(key="results/x.json"),
    ):
        with pytest.raises(AttemptFailed) as error:
            call()
        caught.append(error.value)
    return caught


def test_a_store_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{silent.getsockname()[1]}")
        failures = _failures(_store())
    assert [type(failure) for failure in failures] == [SourceUnreachable] + [StorageUnavailable] * 3
    assert all(failure.retryable for failure in failures)


class _Flaky(BaseHTTPRequestHandler):
    """Fails the first calls, then truncates bodies or responds normally, as configured."""

    failures_left = 2
    cut = False

    def do_GET(self) -> None:
        cls = type(self)
        if cls.failures_left:
            cls.failures_left -= 1
            self.send_response(500)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT")
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"12345" if self.cut else b"1234567890")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Flaky]]:
    handler = type("Handler", (_Flaky,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_single_errors_are_tried_again(flaky: type[_Flaky]) -> None:
    assert _store().source_get(bucket="images", key="x", max_bytes=100) == b"1234567890"


def test_a_body_that_is_cut_is_no_image(flaky: type[_Flaky]) -> None:
    flaky.failures_left, flaky.cut = 0, True
    with pytest.raises(SourceUnreachable):
        _store().source_get(bucket="images", key="x", max_bytes=100)
