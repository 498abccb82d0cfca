"""The client of the object store before servers that stall, fail or cut, and across a fork."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from obstore.exceptions import AlreadyExistsError, BaseError, GenericError
from obstore.store import S3Store

from submissions.object_store import Bucket

BODY = b"1234567890"


class Handler(BaseHTTPRequestHandler):
    """Responds as scheduled, one entry for each request, then regularly."""

    schedule: list[str]
    requests: list[tuple[str, str | None]]
    resumed: threading.Event

    def respond(self) -> None:
        self.requests.append((self.command, self.headers.get("If-None-Match")))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        entry = self.schedule.pop(0) if self.schedule else "200"
        self.close_connection = True
        if entry == "stall":
            self.resumed.wait(60)
        elif entry != "reset":
            self.send_response(int(entry.removesuffix(" cut")))
            self.send_header("Content-Length", str(len(BODY)))
            self.send_header("ETag", '"1"')
            self.send_header("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT")
            self.end_headers()
            self.wfile.write(BODY[:5] if entry.endswith("cut") else BODY)

    def do_GET(self) -> None:
        self.respond()

    def do_PUT(self) -> None:
        self.respond()

    def do_DELETE(self) -> None:
        self.respond()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Handler]]:
    class Scheduled(Handler):
        schedule: list[str] = []
        requests: list[tuple[str, str | None]] = []
        resumed = threading.Event()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Scheduled)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    yield Scheduled
    Scheduled.resumed.set()
    server.shutdown()
    server.server_close()
    thread.join()


def bucket(*, read_timeout_seconds: float = 30, attempts: int = 1) -> Bucket:
    return Bucket(
        "images",
        region="eu-central-1",
        connect_timeout_seconds=5,
        read_timeout_seconds=read_timeout_seconds,
        attempts=attempts,
    )


def get(store: S3Store) -> bytes:
    return bytes(store.get("key").bytes())


def put(store: S3Store) -> None:
    store.put("key", BODY, use_multipart=False)


def put_once(store: S3Store) -> None:
    store.put("key", BODY, mode="create")


def delete(store: S3Store) -> None:
    store.delete("key")


CALLS = [get, put, put_once, delete]


@pytest.mark.parametrize("call", CALLS)
def test_a_store_that_stalls_ends_each_attempt_at_the_timeout(
    server: type[Handler], call: Callable[[S3Store], object]
) -> None:
    server.schedule += ["stall"] * 3
    started_at = time.monotonic()
    with pytest.raises(GenericError):
        bucket(read_timeout_seconds=0.3, attempts=2).call(call)
    assert 0.6 <= time.monotonic() - started_at < 30
    assert len(server.requests) == 2


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", ["500", "503", "reset", "stall"])
def test_what_may_be_temporary_is_tried_again(
    server: type[Handler], fault: str, call: Callable[[S3Store], object]
) -> None:
    server.schedule += [fault]
    bucket(read_timeout_seconds=1 if fault == "stall" else 30, attempts=2).call(call)
    assert len(server.requests) == 2


def test_a_truncated_body_is_tried_again_and_is_never_returned(server: type[Handler]) -> None:
    server.schedule += ["200 cut"]
    assert bucket(attempts=2).call(get) == BODY
    server.schedule += ["200 cut"] * 2
    with pytest.raises(GenericError):
        bucket(attempts=2).call(get)


@pytest.mark.parametrize("status", ["403", "404", "412"])
def test_what_is_final_is_not_tried_again(server: type[Handler], status: str) -> None:
    server.schedule += [status]
    with pytest.raises((BaseError, FileNotFoundError)):
        bucket(attempts=2).call(put_once)
    assert len(server.requests) == 1


def test_an_object_that_exists_is_not_replaced(server: type[Handler]) -> None:
    server.schedule += ["412"]
    with pytest.raises(AlreadyExistsError):
        bucket().call(put_once)
    assert server.requests == [("PUT", "*")]


def test_a_store_that_cannot_be_reached() -> None:
    with socket.socket() as silent, pytest.MonkeyPatch.context() as patch:
        silent.bind(("127.0.0.1", 0))
        patch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(GenericError):
            bucket(attempts=2).call(get)


def test_loopback_is_not_reached_through_a_proxy(
    server: type[Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert bucket().call(get) == BODY
    assert len(server.requests) == 1


class Interrupted(Exception):
    """As SoftTimeLimitExceeded, raised by a handler of a signal."""


def test_a_signal_interrupts_a_call(server: type[Handler]) -> None:
    def interrupt(*_: object) -> None:
        raise Interrupted

    server.schedule += ["stall"]
    before = signal.signal(signal.SIGUSR1, interrupt)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGUSR1))
    started_at = time.monotonic()
    try:
        timer.start()
        with pytest.raises(Interrupted):
            bucket(read_timeout_seconds=60).call(get)
        assert time.monotonic() - started_at < 30
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
    assert bucket().call(get) == BODY  # while the interrupted call waits for the store


FORK = """
import os, signal, sys
from submissions.object_store import Bucket
bucket = Bucket("images", region="eu-central-1", connect_timeout_seconds=5,
                read_timeout_seconds=30, attempts=1)
call = lambda: bucket.call(lambda store: bytes(store.get("key").bytes()))
if sys.argv[1] == "used":
    call()
child = os.fork()
if child == 0:
    signal.alarm(40)  # ends a call that would never return
    try:
        print(call())
    except RuntimeError as error:
        print(error)
    sys.stdout.flush()
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize(
    ("parent", "printed"),
    [
        ("unused", f"{BODY!r}\n"),
        ("used", "The object store was used before this process was forked.\n"),
    ],
)
def test_a_fork(server: type[Handler], parent: str, printed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK, parent],
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.stdout, done.returncode) == (printed, 0), done.stderr
    assert server.requests
