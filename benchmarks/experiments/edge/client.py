"""An HTTP client on one kept connection, which counts every byte that it receives.

The standard client spends more CPU time on a response than an edge on sending it, so the load would
measure itself. This one knows the two framings that responses here have: a length, and chunks.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0
RECEIVE_BYTES = 1 << 16
NO_BODY = frozenset({204, 304})


class ResponseError(Exception):
    """The response isn't the one that is expected, or has no end."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response: its status, its head, the bytes of its body, and all bytes on the connection.

    The framing of chunks counts as body.
    """

    status: int
    head: bytes
    body_bytes: int
    wire_bytes: int

    def header(self, name: str) -> str:
        """Return a header's value; empty without it."""
        wanted = name.lower().encode()
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.lower() == wanted:
                return value.strip().decode("latin-1")
        return ""


def request(path: str, headers: Mapping[str, str]) -> bytes:
    """Return the bytes of a GET request."""
    lines = [f"GET {path} HTTP/1.1", "Host: edge", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Connection:
    """One connection, kept between requests."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._socket = socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 80), timeout=TIMEOUT_SECONDS
        )
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, raw: bytes) -> Response:
        """Send a request and receive the whole response. Raises ResponseError and OSError."""
        self._socket.sendall(raw)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[:end], data[end + 4 :]
        status = int(head[9:12])
        lower = head.lower()
        if status in NO_BODY:
            return Response(status, head, 0, len(data))
        if b"\r\ntransfer-encoding: chunked" in lower:
            return self._chunked(status, head, body)
        at = lower.find(b"\r\ncontent-length:")
        if at < 0:
            raise ResponseError("the response has neither a length nor chunks")
        length = int(lower[at + 17 :].partition(b"\r\n")[0])
        received = len(body)
        while received < length:
            received += len(self._more())
        return Response(status, head, length, end + 4 + length)

    def _chunked(self, status: int, head: bytes, body: bytes) -> Response:
        while not (b"\r\n" + body).endswith(b"\r\n0\r\n\r\n"):
            body += self._more()
        return Response(status, head, len(body), len(head) + 4 + len(body))

    def _more(self) -> bytes:
        data = self._socket.recv(RECEIVE_BYTES)
        if not data:
            raise ResponseError("the connection ended within a response")
        return data

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
