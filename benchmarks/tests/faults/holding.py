"""Sockets that hold a server up: uploads without their end, slow heads, bodies and readers."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 5.0
_HELD_BACK_BYTES = 10
_PAGES = 100  # of 9 kB: more than a socket's buffers hold for a peer with no room
_PIECE = b"\0" * 65536
_TCP_TABLE = Path("/proc/net/tcp")
_HELD_STATES = {"01", "08"}  # established, and closed by the client alone


class Holders:
    """Raw connections to one target, all closed at the block's end."""

    def __init__(self, base_url: str, *, token: str = "") -> None:
        address = urlsplit(base_url)
        self._address = (str(address.hostname), int(address.port or 80))
        self._token = token
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> "Holders":
        return self

    def __exit__(self, *_exception: object) -> None:
        for connection in self._sockets:
            connection.close()

    def __len__(self) -> int:
        return len(self._sockets)

    def upload(self, count: int, size_bytes: int) -> None:
        """Send uploads without a token, all but their last bytes.

        What the server doesn't take, by closing or by not reading, is not sent.
        """
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(lambda _: self._upload(size_bytes), range(count)))

    def _upload(self, size_bytes: int) -> None:
        connection = self._open()
        self._send(connection, self._head("POST", "/api/v1/submissions", size_bytes))
        left = size_bytes - _HELD_BACK_BYTES
        while left > 0 and self._send(connection, _PIECE[:left]):
            left -= len(_PIECE)

    def slow_headers(self, count: int) -> None:
        """Send half a head."""
        for _ in range(count):
            self._send(self._open(), b"GET /api/v1/account HTTP/1.1\r\nHost: local")

    def slow_bodies(self, count: int) -> None:
        """Send a head and a little of the body."""
        for _ in range(count):
            connection = self._open()
            self._send(connection, self._head("POST", "/api/v1/submissions", 100_000))
            self._send(connection, _PIECE[:100])

    def slow_readers(self, count: int) -> None:
        """Request the page more often than buffers hold, and read nothing of it."""
        for _ in range(count):
            connection = self._open(receive_bytes=1024)
            request = f"GET / HTTP/1.1\r\nHost: {self._address[0]}\r\n\r\n"
            self._send(connection, request.encode() * _PAGES)

    def open(self) -> int:
        """Count the connections that the server still holds.

        Read from the kernel's table: a client that reads nothing isn't notified when it is cut off.
        """
        own = {connection.getsockname()[1] for connection in self._sockets}
        held = 0
        for line in _TCP_TABLE.read_text(encoding="ascii").splitlines()[1:]:
            local, remote, state = line.split()[1:4]
            ends = int(local.rpartition(":")[2], 16), int(remote.rpartition(":")[2], 16)
            held += ends[0] == self._address[1] and ends[1] in own and state in _HELD_STATES
        return held

    def _head(self, method: str, path: str, size_bytes: int) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._address[0]}",
            "Content-Type: multipart/form-data; boundary=b",
            f"Content-Length: {size_bytes}",
            *([f"Authorization: {self._token}"] if self._token else []),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def _open(self, *, receive_bytes: int = 0) -> socket.socket:
        connection = socket.socket()
        if receive_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.settimeout(_TIMEOUT_SECONDS)
        with suppress(OSError):
            connection.connect(self._address)
        connection.settimeout(0.5)
        self._sockets.append(connection)
        return connection

    @staticmethod
    def _send(connection: socket.socket, data: bytes) -> bool:
        """Send; False where the server closed or stopped reading."""
        try:
            connection.sendall(data)
        except OSError:
            return False
        return True
