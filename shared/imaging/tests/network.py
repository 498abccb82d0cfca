"""A small network for the tests: scripted servers, and configured names.

Only the border to the operating system is replaced: the resolver, and where a connection to an
address really goes. Whatever has no route leads to the canary, so that a connection to a place
that is not open is seen and not merely failed.
"""

import re
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from urllib3.util import connection as urllib3_connection

Handler = Callable[[socket.socket, bytes], None]


class Server:
    """Passes each connection, with its request, to the handler of its path."""

    def __init__(self, wrap: Callable[[socket.socket], socket.socket] = lambda sock: sock) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self._handlers: dict[str, Handler] = {}
        self._wrap = wrap
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def on(self, path: str, handler: Handler | bytes) -> None:
        """Respond to ``path`` with the handler, or with these bytes."""
        if isinstance(handler, bytes):
            response = handler
            self._handlers[path] = lambda sock, _request: sock.sendall(response)
        else:
            self._handlers[path] = handler

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(5)
        try:
            with self._wrap(plain) as sock:
                if request := _received(sock):
                    self.requests.append(request)
                    path = request.split(b" ", 2)[1].decode()
                    self._handlers.get(path, _not_found)(sock, request)
        except OSError:
            plain.close()  # the client has disconnected


def _received(sock: socket.socket) -> bytes:
    """Return a request, header and body; empty if the client disconnects before its end."""
    request = b""
    length = 0
    while (end := request.find(b"\r\n\r\n")) < 0 or len(request) < end + 4 + length:
        if not (more := sock.recv(65536)):
            return b""
        request += more
        if found := re.search(rb"(?i)\r\ncontent-length: (\d+)\r\n", request):
            length = int(found[1])
    return request


def _not_found(sock: socket.socket, _request: bytes) -> None:
    sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def response(
    body: bytes, *headers: str, status: str = "200 OK", length: int | None = None
) -> bytes:
    """Return a whole response. ``length`` is its Content-Length, correct by default."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """Return a redirect."""
    return response(b"", f"Location: {location}", status=status)


class Network:
    """Names with their addresses, and addresses with their servers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = Server()
        self.canary = Server()
        self.lookups: dict[str, int] = defaultdict(int)
        self._names: dict[str, list[str]] = {}
        self._routes: dict[tuple[str, int], int] = {}
        self.resolver_delay_seconds = 0.0
        self._delay = threading.Event()
        self._connect = urllib3_connection.create_connection
        monkeypatch.setattr(socket, "getaddrinfo", self._getaddrinfo)
        monkeypatch.setattr(urllib3_connection, "create_connection", self._create_connection)

    def name(self, name: str, *addresses: str) -> None:
        """Resolve ``name`` to the first address, the next time to the second, and so on."""
        self._names[name] = list(addresses)

    def route(self, address: str, server: Server, port: int = 80) -> None:
        """Route connections to ``address`` to ``server``."""
        self._routes[(address, port)] = server.port

    def close(self) -> None:
        self._delay.set()
        self.server.close()
        self.canary.close()

    def _getaddrinfo(self, host: str, port: int, *_args: Any, **_options: Any) -> list[Any]:
        self._delay.wait(self.resolver_delay_seconds)
        return self._resolved(host, port)

    def _resolved(self, host: str, port: int) -> list[Any]:
        self.lookups[host] += 1
        responses = self._names.get(host)
        if responses is None:
            try:
                responses = [str(ip_address(host))]
            except ValueError:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
        address = responses.pop(0) if len(responses) > 1 else responses[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    def _create_connection(
        self, target: tuple[str, int], *args: Any, **options: Any
    ) -> socket.socket:
        host, port = target[0].strip("[]"), target[1]
        # A name here was not pinned: it is resolved again, as a client would.
        address = self._resolved(host, port)[0][4][0]
        to = self._routes.get((address, port), self.canary.port)
        with self._really():
            return self._connect(("127.0.0.1", to), *args, **options)

    @contextmanager
    def _really(self) -> Iterator[None]:
        fake, socket.getaddrinfo = socket.getaddrinfo, _real_getaddrinfo
        try:
            yield
        finally:
            socket.getaddrinfo = fake


_real_getaddrinfo = socket.getaddrinfo
