"""A gate that counts the HTTP requests of the units to one backing service, by operation.

A gate stands between the units and a service (`targets.local.gates`); this one forwards all bytes
and reads the requests on the way. The harness's own requests bypass it.
"""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial

_CHUNK_BYTES = 65536
_START_SECONDS = 10.0
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_TARGET = re.compile(rb"\r\nx-amz-target: *\w+\.(\w+)", re.IGNORECASE)
_LEVELS = ("service", "bucket", "object")

Named = Callable[[bytes], str]


def s3_operation(head: bytes) -> str:
    """Return the method and what its path names, as `PUT object` or `HEAD bucket`."""
    method, path, *_ = head.split(b" ", 2)
    names = [it for it in path.partition(b"?")[0].split(b"/") if it]
    return f"{method.decode('ascii', 'replace')} {_LEVELS[min(len(names), 2)]}"


def dynamodb_operation(head: bytes) -> str:
    """Return the operation that the header X-Amz-Target names, as `GetItem`."""
    found = _TARGET.search(head)
    return found[1].decode("ascii") if found else "unknown"


class RequestReader:
    """Finds the heads of the requests in one connection's bytes.

    Bodies are skipped by their Content-Length. ValueError for a chunked one, whose end it can't
    find: a count that may be wrong is refused.
    """

    def __init__(self, found: Callable[[bytes], None]) -> None:
        self._found = found
        self._head = b""
        self._body_left = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes; call `found` with each head that is complete."""
        while data:
            if self._body_left:
                skipped = min(self._body_left, len(data))
                self._body_left -= skipped
                data = data[skipped:]
                continue
            self._head += data
            head, end, data = self._head.partition(_HEAD_END)
            if not end:
                return
            self._head = b""
            if _CHUNKED.search(head):
                message = f"a chunked request can't be counted: {head[:80]!r}"
                raise ValueError(message)
            length = _LENGTH.search(head)
            self._body_left = int(length[1]) if length else 0
            self._found(head)


class RequestGate:
    """Counts the requests to one service on a free port of 127.0.0.1.

    `operation` names a request from its head. Usable from any thread; `close` ends it.
    """

    def __init__(self, operation: Named) -> None:
        self.host, self.port = "127.0.0.1", 0
        self._operation = operation
        self._counts: Counter[str] = Counter()
        self._problem = ""
        self._lock = threading.Lock()
        self._upstream: tuple[str, int] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(_START_SECONDS)

    def forward_to(self, port: int) -> None:
        """Forward new connections to this port of 127.0.0.1."""
        self._upstream = ("127.0.0.1", port)

    def counts(self) -> Counter[str]:
        """Return the requests so far, by operation. ValueError if one can't be counted."""
        with self._lock:
            if self._problem:
                raise ValueError(self._problem)
            return self._counts.copy()

    def close(self) -> None:
        """Stop listening and close the connections."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_START_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_SECONDS)
        self._loop.close()

    def _count(self, head: bytes) -> None:
        with self._lock:
            self._counts[self._operation(head)] += 1

    def _read(self, requests: RequestReader, data: bytes) -> None:
        """Read some bytes of a connection; keep the first reason why they can't be counted."""
        try:
            requests.feed(data)
        except ValueError as error:
            with self._lock:
                self._problem = self._problem or str(error)  # what follows may be a body's bytes

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, self.host, 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._upstream is None:
            writer.close()
            return
        requests = RequestReader(self._count)
        opened: list[asyncio.StreamWriter] = [writer]
        with suppress(OSError):
            responses, upstream = await asyncio.open_connection(*self._upstream)
            opened.append(upstream)
            pumps = [
                asyncio.create_task(_forward(reader, upstream, partial(self._read, requests))),
                asyncio.create_task(_forward(responses, writer, _ignore)),
            ]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        for connection in opened:
            connection.close()


def _ignore(_data: bytes) -> None:
    """Do nothing with the bytes of responses."""


async def _forward(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: Callable[[bytes], None]
) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK_BYTES):
            seen(chunk)
            writer.write(chunk)
            await writer.drain()
