"""A fake service that records requests, and Caddy in front of it."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.ports import free_port

EDGE = Path(__file__).parents[1]
CADDY = shutil.which("caddy", path=str(Path(sys.executable).parent)) or "caddy"


@dataclass
class ReceivedRequest:
    """One request as the service received it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """The requests of a service, `begun` or whole, and its configured faults."""

    name: str
    port: int = 0
    begun: list[str] = field(default_factory=list)
    received: list[ReceivedRequest] = field(default_factory=list)
    hang_up: bool = False
    refuses: bool = False  # at once, without reading the body
    forgets: bool = False  # what it has read of a body
    bare_status: int = 0  # as a server refuses what it can't parse


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def do_GET(self) -> None:
        self.service.begun.append(self.path)
        if self.path != "/livez" and (self.service.refuses or self.service.bare_status):
            self.close_connection = True
            self.send_response(self.service.bare_status or 401)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.send_header("X-Body-Unread", "1")
            self.end_headers()
            with contextlib.suppress(OSError):
                while self.rfile.read1():
                    pass
            return
        try:
            body = self._body()
        except ValueError:  # the edge has closed the connection
            self.close_connection = True
            return
        if self.path == "/livez" and "X-Request-Id" not in self.headers:
            self._send(b"ok")  # the edge's own health check
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.service.received.append(ReceivedRequest(self.command, self.path, headers, body))
        if self.service.hang_up:
            self.close_connection = True
            return
        self._send(self.service.name.encode())

    def do_POST(self) -> None:
        self.do_GET()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        length = int(self.headers.get("Content-Length", "0"))
        while self.service.forgets and length > 0:
            length -= len(self.rfile.read1(65536)) or length
        return self.rfile.read(length)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")  # once stopped, it responds to no request
        self.send_header("X-Request-Id", "the service's own")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running(name: str, port: int = 0) -> Iterator[Service]:
    """A service that responds to every request with its name."""
    service = Service(name)
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def names(port: int) -> Iterator[int]:
    """Serve DNS on the port that it yields: every name has an SRV record for `port` here."""
    records = {
        b"\0\x21": struct.pack(">HHH", 0, 0, port) + b"\x04here\x06target\0",
        b"\0\x01": bytes([127, 0, 0, 1]),
    }

    def serve() -> None:
        while True:
            data, address = server.recvfrom(4096)
            if not data:
                return
            question = data[12 : data.index(b"\0", 12) + 5]
            record = records.get(question[-4:-2], b"")
            head = data[:2] + b"\x84\0" + struct.pack(">HHHH", 1, bool(record), 0, 0)
            body = b"\xc0\x0c" + question[-4:] + struct.pack(">IH", 0, len(record)) + record
            server.sendto(head + question + (body if record else b""), address)

    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.sendto(b"", server.getsockname())
            thread.join()


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class _Connection(http.client.HTTPConnection):
    """Read the response also if it arrives before the body is sent, as browsers do."""

    def send(self, data: Any) -> None:
        with contextlib.suppress(ConnectionError):
            super().send(data)


@dataclass
class Response:
    """A response of the edge."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Edge:
    """Caddy with the tested Caddyfile."""

    def __init__(self, folder: Path, **upstreams: str) -> None:
        self.port, self.admin_port, self.internal_port = free_port(), free_port(), free_port()
        web = folder / "web"
        (web / "assets").mkdir(parents=True)
        self.web, self.published = web, folder / "published"
        (self.published / "assets").mkdir(parents=True)
        (web / "index.html").write_text("<!doctype html>" + "<p>faces</p>" * 200)
        (folder / "secret.txt").write_text("not for the world")
        lines = (EDGE / "Procfile").read_text().splitlines()
        command = next(line.partition(": ")[2] for line in lines if line.startswith("edge: "))
        self.process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=EDGE,
            env=os.environ
            | {
                "PATH": f"{Path(CADDY).parent}:{os.environ['PATH']}",
                "EDGE_PORT": str(self.port),
                "EDGE_ADMIN_PORT": str(self.admin_port),
                "EDGE_INTERNAL_PORT": str(self.internal_port),
                "WEB_ROOT": str(web),
                "ASSETS_ROOT": str(self.published),
                "XDG_DATA_HOME": str(folder),
                "XDG_CONFIG_HOME": str(folder),
            }
            | upstreams,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 15
        while not _listening(self.port):
            assert self.process.poll() is None, "Caddy has ended"
            assert time.monotonic() < deadline, "Caddy doesn't listen"
            time.sleep(0.05)

    def send(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        chunked: bool = False,
        port: int | None = None,
        **headers: str,
    ) -> Response:
        connection = _Connection("127.0.0.1", port or self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            sent = iter([body]) if chunked and body is not None else body
            connection.request(method, path, sent, named, encode_chunked=chunked)
            response = connection.getresponse()
            content = b""
            with contextlib.suppress(ConnectionError):  # closed after the status was received
                content = response.read()
            return Response(response.status, response.headers, content)
        finally:
            connection.close()

    def memory_bytes(self) -> int:
        """Return its current content."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def assert_problem(response: Response, status: int, code: str) -> None:
    """Assert that an error of the edge has the API's format."""
    assert (response.status, response.headers["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    problem = json.loads(response.body)
    assert problem.keys() == {"type", "title", "status", "detail", "code"}
    assert (problem["type"], problem["status"]) == (f"/problems/{code}", status)
    assert problem["code"] == code
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Request-Id"]
    assert "Server" not in response.headers
