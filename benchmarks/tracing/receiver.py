"""A receiver of spans on loopback: OTLP over HTTP, with limits, in a thread of this process."""

import threading
import time
import zlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from benchmarks.tracing.spans import Span, spans_of

PATH = "/v1/traces"
BYTES_MAX = 4 << 20  # of a request's body, also unpacked
SPANS_MAX = 50_000  # in all
IDLE_SECONDS = 10.0  # after which a connection is closed
_POLL_SECONDS = 0.05


class Receiver:
    """Keeps the spans that processes export to it, until it is closed."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL_SECONDS}, daemon=True
        )
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """Return the value of OTEL_EXPORTER_OTLP_ENDPOINT for the processes."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def keep(self, spans: list[Span]) -> bool:
        """Keep these spans. Return False, and keep none, if there would be too many."""
        with self._lock:
            if len(self._spans) + len(spans) > SPANS_MAX:
                return False
            self._spans += spans
            self._last = time.monotonic()
            return True

    def spans(self) -> list[Span]:
        """Return all spans until now."""
        with self._lock:
            return [*self._spans]

    def wait_quiet(self, seconds: float, *, most_seconds: float) -> None:
        """Return when no span has come for `seconds`, or after `most_seconds`."""
        begun = time.monotonic()
        while (now := time.monotonic()) < begun + most_seconds:
            with self._lock:
                since = max(self._last, begun)
            if now - since >= seconds:
                return
            time.sleep(_POLL_SECONDS)

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        """Return the receiver; leaving the block closes it."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the receiver."""
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: _Server

    def do_POST(self) -> None:
        self._respond(self._status())

    def _status(self) -> HTTPStatus:
        length = self.headers.get("Content-Length", "")
        if self.path != PATH:
            return HTTPStatus.NOT_FOUND
        if not length.isdecimal():
            return HTTPStatus.LENGTH_REQUIRED
        if int(length) > BYTES_MAX:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        body = self.rfile.read(int(length))
        try:
            if self.headers.get("Content-Encoding") == "gzip":
                body = _unpacked(body)
            spans = spans_of(body)
        except (OSError, EOFError, ValueError, zlib.error):
            return HTTPStatus.BAD_REQUEST
        return (
            HTTPStatus.OK if self.server.receiver.keep(spans) else HTTPStatus.INSUFFICIENT_STORAGE
        )

    def _respond(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        if status is not HTTPStatus.OK:  # the body may not have been read
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Write nothing: each process exports several times a second."""


def _unpacked(body: bytes) -> bytes:
    """Return the content of gzip data. Raises ValueError if it is too large."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    content = unpacker.decompress(body, BYTES_MAX)
    if not unpacker.eof:
        message = "truncated, or too large"
        raise ValueError(message)
    return content
