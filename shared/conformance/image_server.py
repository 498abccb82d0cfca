"""A web server for images: valid ones, and faults of images and servers.

    python image_server.py --host 127.0.0.1 --port 8079

Standard library only. Files are those of shared/fixtures. The URL selects the behaviour, so that
only the target needs to reach this server:

    /files/<path>, /<path>        a file of the fixtures, such as /load.jpg
    /redirect/<n>?to=<path>       n redirects, then `to`
    /redirect-to?url=<url>        one redirect, to any URL
    /redirect-raw?location=<bytes>  one redirect with these bytes as its Location, unescaped
    /interim?count=<n>&status=<s>&to=<path>  n interim responses (103 unless another is given),
                                  then the image, or one redirect to `to`
    /no-length                    the image by HTTP/1.0, ended by the connection's close
    /slow?seconds=<s>             the image, after s seconds
    /slow-once?key=<k>&seconds=<s>  slow at the first request with this key, then at once
    /flaky?key=<k>&failures=<n>   503 for the first n requests with this key, then the image
    /status/<code>                that status and a short text
    /huge                         a JPEG of 10 000 001 bytes, length stated
    /endless                      a JPEG that does not end, in chunks
    /gzip-bomb                    a few kilobytes that a content encoding makes 20 MB
    /lying-length?stated=<n>      the image, with another length stated
    /trickle                      the image, a byte a second
    /as/<name>?type=<t>           the image, under any name and media type
    /hits?key=<k>                 the number of requests with this key, as text

`file=<path>` selects the image; the default is images/portrait.jpg.
"""

import argparse
import contextlib
import gzip
import mimetypes
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, unquote_to_bytes, urlsplit

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
DEFAULT_FILE = "images/portrait.jpg"
_TOO_MANY_BYTES = 10_000_001
_CHUNK = b"\x00" * 65_536
_ENDS_AFTER_BYTES = 200_000_000  # so that "endless" is slow
_LONGEST_SECONDS = 60.0


class ImageServer(ThreadingHTTPServer):
    """The server, with its counts of requests by key."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, root: Path = FIXTURES) -> None:
        super().__init__((host, port), Handler)
        self.root = root.resolve()
        self._hits: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._files: dict[str, bytes] = {}

    def hit(self, key: str) -> int:
        """Count a request with a key, and return how many there were before."""
        with self._lock:
            self._hits[key] += 1
            return self._hits[key] - 1

    def hits(self, key: str) -> int:
        """Return the number of requests with a key."""
        with self._lock:
            return self._hits[key]

    def file(self, name: str) -> bytes | None:
        """Return a fixture's bytes, cached: load runs request the same one all the time."""
        if name not in self._files:
            path = (self.root / name).resolve()
            if not path.is_relative_to(self.root) or not path.is_file():
                return None
            self._files[name] = path.read_bytes()
        return self._files[name]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: ImageServer
    # A small response is sent in one packet and at once
    wbufsize = 65_536
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Respond by the first segment of the path."""
        parts = urlsplit(self.path)
        self.query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        first, _, self.rest = unquote(parts.path).lstrip("/").partition("/")
        behaviours: dict[str, Callable[[], None]] = {
            "files": self._file,
            "redirect": self._redirect,
            "redirect-to": lambda: self._send_redirect(self.query["url"]),
            "redirect-raw": lambda: self._redirect_raw(parts.query),
            "interim": self._interim,
            "no-length": self._no_length,
            "slow": self._slow,
            "slow-once": self._slow_once,
            "flaky": self._flaky,
            "status": lambda: self._send_text(int(self.rest), "As requested.\n"),
            "huge": self._huge,
            "endless": self._endless,
            "gzip-bomb": self._gzip_bomb,
            "lying-length": self._lying_length,
            "trickle": self._trickle,
            "as": lambda: self._send(self._image(), self.query.get("type")),
            "hits": lambda: self._send_text(200, str(self.server.hits(self.query["key"]))),
            "livez": lambda: self._send_text(200, "ok\n"),
        }
        behaviour = behaviours.get(first)
        if behaviour is None:
            self.rest = unquote(parts.path).lstrip("/")
        try:
            (behaviour or self._file)()
        except (KeyError, ValueError) as error:
            self._send_text(400, f"{error!r} is missing or wrong.\n")

    def handle(self) -> None:
        """Serve the connection. Ignore that the client disconnects, which many behaviours cause."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing: a load run would fill the terminal."""

    def finish(self) -> None:
        """Close the connection, which the client may have closed before."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().finish()

    def _image(self) -> bytes:
        name = self.query.get("file", DEFAULT_FILE)
        data = self.server.file(name)
        if data is None:
            message = f"no file {name}"
            raise ValueError(message)
        return data

    def _media_type(self) -> str:
        name = self.query.get("file", DEFAULT_FILE)
        return mimetypes.guess_type(name)[0] or "application/octet-stream"

    def _head(self, status: int, media_type: str, length: int | None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _send(self, data: bytes, media_type: str | None = None) -> None:
        self._head(200, media_type or self._media_type(), len(data))
        self.wfile.write(data)

    def _send_text(self, status: int, text: str) -> None:
        data = text.encode()
        self._head(status, "text/plain; charset=utf-8", len(data))
        self.wfile.write(data)

    def _send_redirect(self, location: str) -> None:
        # Any letters are sent as UTF-8
        self._head(302, "text/plain", 0, Location=location.encode().decode("latin-1"))

    def _file(self) -> None:
        data = self.server.file(self.rest)
        if data is None:
            self._send_text(404, "There is no such file.\n")
            return
        self._send(data, mimetypes.guess_type(self.rest)[0] or "application/octet-stream")

    def _redirect(self) -> None:
        count = int(self.rest)
        to = self.query.get("to", f"/files/{DEFAULT_FILE}")
        self._send_redirect(f"/redirect/{count - 1}?to={quote(to)}" if count > 1 else to)

    def _redirect_raw(self, query: str) -> None:
        location = unquote_to_bytes(query.partition("location=")[2])
        self.wfile.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ")
        self.wfile.write(location + b"\r\n\r\n")

    def _interim(self) -> None:
        status = int(self.query.get("status", "103"))
        interim = b"HTTP/1.1 %d Interim\r\nLink: </a.css>; rel=preload\r\n\r\n" % status
        for _ in range(int(self.query["count"])):
            self.wfile.write(interim)
        if "to" in self.query:
            self._send_redirect(self.query["to"])
        else:
            self._send(self._image())

    def _no_length(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + self._image())
        self.close_connection = True

    def _sleep(self) -> None:
        time.sleep(min(float(self.query["seconds"]), _LONGEST_SECONDS))

    def _slow(self) -> None:
        self._sleep()
        self._send(self._image())

    def _slow_once(self) -> None:
        if self.server.hit(self.query["key"]) == 0:
            self._sleep()
        self._send(self._image())

    def _flaky(self) -> None:
        if self.server.hit(self.query["key"]) < int(self.query["failures"]):
            self._send_text(503, "Not yet.\n")
        else:
            self._send(self._image())

    def _huge(self) -> None:
        self._head(200, "image/jpeg", _TOO_MANY_BYTES)
        data = self._image()
        self.wfile.write(data + b"\x00" * (_TOO_MANY_BYTES - len(data)))

    def _endless(self) -> None:
        self._head(200, "image/jpeg", None, Transfer_Encoding="chunked")
        sent = 0
        for chunk in (self._image(), *[_CHUNK] * (_ENDS_AFTER_BYTES // len(_CHUNK))):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            sent += len(chunk)
        self.close_connection = True

    def _gzip_bomb(self) -> None:
        data = gzip.compress(self._image() + b"\x00" * 20_000_000)
        self._head(200, "image/jpeg", len(data), Content_Encoding="gzip")
        self.wfile.write(data)

    def _lying_length(self) -> None:
        self._head(200, "image/jpeg", int(self.query["stated"]), Connection="close")
        self.wfile.write(self._image())
        self.close_connection = True

    def _trickle(self) -> None:
        data = self._image()
        self._head(200, "image/jpeg", len(data))
        for byte in data[: int(_LONGEST_SECONDS)]:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(1)
        self.close_connection = True


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8079)
    arguments = parser.parse_args()
    with (
        ImageServer(arguments.host, arguments.port) as server,
        contextlib.suppress(KeyboardInterrupt),
    ):
        server.serve_forever()


if __name__ == "__main__":
    main()
