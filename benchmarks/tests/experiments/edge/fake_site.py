"""A fake edge: a page with two assets, and the calls of the flow that a visit needs."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = b'<link href="assets/base.0123456789.css"><script src="assets/app.0123456789.js"></script>'
ASSETS = ("/assets/base.0123456789.css", "/assets/app.0123456789.js")
TAG = '"1"'
IMAGE = bytes(5000)
STORED = "/stored/images/images/7?X-Amz-Signature=1"


@dataclass
class Site:
    """What was requested, in order, and how the site is to respond."""

    base_url: str = ""
    run_dir: Path = Path()
    requests: list[tuple[str, str, str]] = field(default_factory=list)  # path, coding, images from
    chunked: bool = False
    loaded: list[str] = field(default_factory=list)  # configurations, by the admin interface
    broken: bool = False  # the page has status 500
    cut: bool = False  # images end too early


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.requests.append(
            (
                self.path,
                self.headers.get("Accept-Encoding", ""),
                self.headers.get("X-Images-From", ""),
            )
        )
        if self.path == "/":
            self._page()
        elif self.path in ASSETS:
            self._send(200, b"x" * 300)
        elif self.path.endswith("/image") and self.headers["X-Images-From"] == "store":
            self._send(302, b"", {"Location": STORED})
        elif self.path == STORED or self.path.endswith("/image"):
            self._send(200, IMAGE)
        elif self.path.startswith("/api/v1/submissions/7"):
            self._send(200, json.dumps({"state": "succeeded"}).encode())
        else:
            self._send(404, b"")

    def do_POST(self) -> None:
        given = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/load":
            self.site.loaded.append(given.decode())
            self._send(200, b"")
            return
        body = {"access_token": "t", "id": "7"}
        self._send(202, json.dumps(body).encode())

    def _page(self) -> None:
        if self.site.broken:
            self._send(500, b"")
        elif self.headers.get("If-None-Match") == TAG:
            self._send(304, b"", {"ETag": TAG})
        elif self.site.chunked:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.send_header("ETag", TAG)
            self.end_headers()
            for piece in (PAGE[:10], PAGE[10:]):
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        else:
            self._send(200, PAGE, {"ETag": TAG})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.site.cut and body == IMAGE:
            self.wfile.write(body[:100])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve() -> Iterator[Site]:
    """Serve the site on a free port."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    site.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
