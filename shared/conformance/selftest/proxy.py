"""A proxy in front of a conforming target that plants one violation of the contract.

A defect changes requests, responses, or both. Run through the proxy, the cases that guard what the
defect breaks must fail.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx

_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "content-encoding",
}


@dataclass
class Exchange:
    """One request and later its response. Header names are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    memory: dict[str, Any]
    status: int = 0
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    content: bytes = b""

    @property
    def json(self) -> Any:
        """Return the response's JSON; an empty object if there is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return {}

    def set_json(self, value: Any) -> None:
        """Replace the response's body."""
        self.content = json.dumps(value).encode()

    def change(self, **members: Any) -> None:
        """Update members of the response's body."""
        self.set_json(self.json | members)

    def drop(self, name: str) -> None:
        """Remove a header from the response."""
        self.response_headers = [
            (n, v) for n, v in self.response_headers if n.lower() != name.lower()
        ]

    def put(self, name: str, value: str) -> None:
        """Set a header of the response."""
        self.drop(name)
        self.response_headers.append((name, value))

    def instead(self, status: int, value: Any, media_type: str = "application/json") -> None:
        """Replace the whole response."""
        self.status = status
        self.set_json(value)
        self.response_headers = [("Content-Type", media_type)]


@dataclass(frozen=True)
class Defect:
    """A planted violation, and the cases (node ids) that must fail."""

    cases: tuple[str, ...]
    before: Callable[[Exchange], None] | None = None
    after: Callable[[Exchange], None] | None = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def _pass_on(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        exchange = Exchange(
            method=self.command,
            path=path,
            query=dict(httpx.QueryParams(query)),
            headers={n.lower(): v for n, v in self.headers.items() if n.lower() not in _HOP_BY_HOP},
            body=self.rfile.read(length),
            memory=self.server.memory,
        )
        with self.server.lock_of_defect:
            defect = self.server.defect
        if defect is not None and defect.before is not None:
            defect.before(exchange)
        response = self.server.client.request(
            exchange.method,
            exchange.path,
            params=exchange.query or None,
            headers=exchange.headers,
            content=exchange.body,
        )
        exchange.status, exchange.content = response.status_code, response.content
        exchange.response_headers = [
            (n, v) for n, v in response.headers.multi_items() if n.lower() not in _HOP_BY_HOP
        ]
        if defect is not None and defect.after is not None:
            defect.after(exchange)
        self._response(exchange)

    do_GET = _pass_on  # noqa: N815 - the base's name
    do_POST = _pass_on  # noqa: N815 - the base's name
    do_PUT = _pass_on  # noqa: N815 - the base's name
    do_PATCH = _pass_on  # noqa: N815 - the base's name
    do_DELETE = _pass_on  # noqa: N815 - the base's name

    def _response(self, exchange: Exchange) -> None:
        self.send_response_only(exchange.status)
        for name, value in exchange.response_headers:
            self.send_header(name, value)
        if exchange.status not in {204, 304}:
            self.send_header("Content-Length", str(len(exchange.content)))
        self.end_headers()
        self.wfile.write(exchange.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = httpx.Client(base_url=target, timeout=60, trust_env=False)
        self.lock_of_defect = threading.Lock()
        self.defect: Defect | None = None
        self.memory: dict[str, Any] = {}


class Proxy:
    """The running proxy; `plant` activates a defect for the length of a block."""

    def __init__(self, target: str) -> None:
        self._server = _Server(target)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @contextlib.contextmanager
    def plant(self, defect: Defect | None) -> Iterator[None]:
        """Apply the defect to every request until the block ends."""
        self._server.defect, self._server.memory = defect, {}
        try:
            yield
        finally:
            self._server.defect = None

    def stop(self) -> None:
        """Stop the proxy."""
        self._server.shutdown()
        self._server.server_close()
        self._server.client.close()


def fresh_id() -> str:
    """Return an unused id."""
    return str(uuid4())


def sleep(seconds: float) -> None:
    """Delay a response."""
    time.sleep(seconds)
