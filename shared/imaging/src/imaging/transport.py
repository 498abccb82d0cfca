"""HTTP within a budget of total time and of received bytes.

The timeouts of HTTP clients are per operation: a server that sends a byte now and then keeps them
waiting for ever, in a header as in a body. So each receive of a connection made here checks the
budget first. Adapters of requests are used without a session, since a session reads the whole body
of a redirect, even if it doesn't follow it.
"""

import io
import queue
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException, HTTPResponse, parse_headers
from typing import Any, ParamSpec, TypeVar

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


_INTERIM = range(100, 200)
_SWITCHING_PROTOCOLS = 101  # is final: no HTTP response follows it
# No real server sends a hundred hints.
_MAX_INTERIM_RESPONSES = 100


class TooManyBytes(Exception):
    """More bytes were received than the budget allows."""


class Budget:
    """The time and bytes that one exchange may take, with all its requests."""

    def __init__(self, *, timeout_seconds: float, max_wire_bytes: int) -> None:
        self._deadline = time.monotonic() + timeout_seconds
        self._wire_bytes_left = max_wire_bytes

    def seconds_left(self) -> float:
        """Return the seconds until the deadline, more than 0. Raises TimeoutError after it."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the exchange took too long")
        return left

    def take(self, count: int) -> None:
        """Count received bytes. Raises TooManyBytes when they exceed the budget."""
        self._wire_bytes_left -= count
        if self._wire_bytes_left < 0:
            raise TooManyBytes

    def call(
        self, function: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> _Result:
        """Call a function without a timeout of its own (the resolver), until the deadline at most.

        At the deadline its thread is abandoned: it ends when the call does.
        """
        outcome: queue.SimpleQueue[tuple[_Result | None, BaseException | None]] = (
            queue.SimpleQueue()
        )

        def run() -> None:
            try:
                outcome.put((function(*args, **kwargs), None))
            except BaseException as error:  # noqa: BLE001 - raised in the caller
                outcome.put((None, error))

        threading.Thread(target=run, daemon=True).start()
        try:
            result, error = outcome.get(timeout=self.seconds_left())
        except queue.Empty:
            raise TimeoutError("the exchange took too long") from None
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # None only if the function returned it


class _BudgetReader(io.RawIOBase):
    """The receiving side of a socket, within the budget."""

    def __init__(self, sock: socket.socket, budget: Budget) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        self._sock.settimeout(self._budget.seconds_left())
        count = self._raw.readinto(buffer)
        self._budget.take(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BudgetSocket:
    """A socket whose file for reading keeps to the budget; all else is delegated."""

    def __init__(self, sock: socket.socket, budget: Budget) -> None:
        self._sock = sock
        self._budget = budget

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return the file from which http.client reads a response."""
        assert mode == "rb"  # noqa: S101 - http.client uses no other mode
        return io.BufferedReader(_BudgetReader(self._sock, self._budget))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _FinalResponse(HTTPResponse):
    """The response after any interim ones (1xx), of which http.client skips only 100."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MAX_INTERIM_RESPONSES + 1):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status not in _INTERIM or status == _SWITCHING_PROTOCOLS:
                return version, status, reason
            parse_headers(self.fp)
        raise HTTPException("too many interim responses")


class _BudgetConnection(HTTPConnection):
    response_class = _FinalResponse

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._budget = budget

    def _new_conn(self) -> socket.socket:
        sock = self._connected()
        try:
            # The TLS handshake that follows may take the rest of the time.
            sock.settimeout(self._budget.seconds_left())
        except TimeoutError:
            sock.close()
            raise
        return sock

    def _connected(self) -> socket.socket:
        """Return a socket to the first address of the host that takes the connection.

        urllib3 resolves without a time limit, and gives each address the whole time.
        """
        found = self._budget.call(
            socket.getaddrinfo, self._dns_host, self.port, type=socket.SOCK_STREAM
        )
        name, failure = self._dns_host, HTTPError(f"{self.host} has no address")
        try:
            for *_, address in found:
                self._dns_host, self.timeout = str(address[0]), self._budget.seconds_left()
                try:
                    return super()._new_conn()
                except HTTPError as error:
                    failure = error
        finally:
            self._dns_host = name
        raise failure

    def connect(self) -> None:
        super().connect()
        self.sock = _BudgetSocket(self.sock, self._budget)


class _BudgetTLSConnection(_BudgetConnection, HTTPSConnection):
    """The same over TLS."""


class BudgetAdapter(HTTPAdapter):
    """Sends requests on connections that keep to the budget."""

    def __init__(self, budget: Budget, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._budget = budget

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *args: Any, **kwargs: Any
    ) -> Any:
        """Return the request's pool, with connections that keep to the budget."""
        pool: Any = super().get_connection_with_tls_context(request, *args, **kwargs)
        kind = _BudgetTLSConnection if pool.scheme == "https" else _BudgetConnection
        pool.ConnectionCls = partial(kind, budget=self._budget)
        return pool
