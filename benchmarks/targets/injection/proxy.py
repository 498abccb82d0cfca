"""A TCP proxy before one backing service, in a thread of this process, that injects a fault.

    with proxy.injecting(Stall()):
        ...

Without a fault it forwards all bytes. It uses asyncio alone: existing fault proxies are separate
programs and don't parse HTTP.
"""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from benchmarks.targets.injection.faults import (
    Fault,
    HttpFault,
    Latency,
    Reset,
    Stall,
    Truncate,
)
from benchmarks.targets.injection.http_head import expects_continue, left_of_body

_CHUNK_BYTES = 65536
_NO_LINGER = struct.pack("ii", 1, 0)
_START_SECONDS = 10.0
_CONNECT_SECONDS = 5.0


class FaultProxy:
    """A proxy on a free port of `host`. `forward_to` sets its service.

    `counts` are the accepted `connections` and the `spoiled` requests.
    """

    def __init__(self, *, host: str = "127.0.0.1", seed: int = 1) -> None:
        self.host = host
        self.port = 0
        self.counts: Counter[str] = Counter()
        self._upstream: tuple[str, int] | None = None
        self._fault: Fault | None = None
        self._random = random.Random(seed)
        self._links: set[_Link] = set()
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._call(self._listen())

    def forward_to(self, port: int, host: str = "127.0.0.1") -> None:
        """Forward new connections to this port of `host`."""
        self._upstream = (host, port)

    @contextmanager
    def injecting(self, fault: Fault) -> Iterator[None]:
        """Apply a fault to all traffic for the length of the block."""
        self._call(self._set(fault))
        try:
            yield
        finally:
            self._call(self._set(None))

    def close(self) -> None:
        """Reset all connections and stop listening."""
        if self._loop.is_closed():
            return
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_SECONDS)
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_START_SECONDS)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._accepted, self.host, 0, backlog=1024, limit=_CHUNK_BYTES
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _set(self, fault: Fault | None) -> None:
        self._fault = fault
        if isinstance(fault, Stall):
            self._flowing.clear()
        else:
            self._flowing.set()
        if isinstance(fault, Reset):
            for link in list(self._links):
                link.reset()

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
        for link in list(self._links):
            link.reset()
        self._flowing.set()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connections"] += 1
        link = _Link(self, reader, writer)
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)

    @property
    def fault(self) -> Fault | None:
        """Return the current fault; None without one."""
        return self._fault

    async def flowing(self) -> None:
        """Wait for the end of a Stall; return at once without one."""
        await self._flowing.wait()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to the service; OSError if it is away."""
        if self._upstream is None:
            raise ConnectionRefusedError
        return await asyncio.wait_for(asyncio.open_connection(*self._upstream), _CONNECT_SECONDS)

    def draw(self, rate: float) -> bool:
        """Draw at random whether a request is spoiled, and count it if it is."""
        hit = self._random.random() < rate
        self.counts["spoiled"] += hit
        return hit


class _Link:
    """A client's connection and the corresponding one to the service."""

    def __init__(
        self, proxy: FaultProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._proxy = proxy
        self._reader = reader
        self._writer = writer
        self._upstream: asyncio.StreamWriter | None = None
        self._idle = True  # no request is under way: the next bytes begin one
        self._response_bytes = 0

    def reset(self) -> None:
        """Reset both connections."""
        for writer in (self._writer, self._upstream):
            if writer is None:
                continue
            with suppress(OSError):  # closed already
                # With a linger time of 0 a close is a reset, whatever was read.
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER
                )
            writer.transport.abort()

    async def run(self) -> None:
        """Forward bytes in both directions until either side ends."""
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            await self._proxy.flowing()
            if isinstance(self._proxy.fault, Reset):
                self.reset()
                return
            reader, self._upstream = await self._proxy.connect()
            pumps = [
                asyncio.create_task(self._requests(self._upstream)),
                asyncio.create_task(self._responses(reader)),
            ]
            _, running = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in running:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        await self._close()

    async def _requests(self, upstream: asyncio.StreamWriter) -> None:
        while chunk := await self._reader.read(_CHUNK_BYTES):
            await self._proxy.flowing()
            fault = self._proxy.fault
            if isinstance(fault, HttpFault) and self._idle and self._proxy.draw(fault.rate):
                await asyncio.sleep(fault.delay_seconds)
                if fault.response is not None:
                    await self._respond(chunk, fault.response)
                    return
            self._idle, self._response_bytes = False, 0
            upstream.write(chunk)
            await upstream.drain()

    async def _respond(self, request: bytes, response: bytes) -> None:
        """Read the rest of a request and send this response, after which the link ends."""
        left = 0 if expects_continue(request) else left_of_body(request)
        if left:
            await self._reader.readexactly(left)
        self._writer.write(response)
        await self._writer.drain()

    async def _responses(self, reader: asyncio.StreamReader) -> None:
        while chunk := await reader.read(_CHUNK_BYTES):
            await self._proxy.flowing()
            fault = self._proxy.fault
            if isinstance(fault, Latency):
                await asyncio.sleep(fault.seconds)
            self._idle = True
            before = self._response_bytes
            self._response_bytes += len(chunk)
            cut = isinstance(fault, Truncate) and self._response_bytes > fault.after_bytes
            if isinstance(fault, Truncate) and cut:
                chunk = chunk[: max(0, fault.after_bytes - before)]
                self._proxy.counts["spoiled"] += 1
            self._writer.write(chunk)
            await self._writer.drain()
            if cut:
                return

    async def _close(self) -> None:
        for writer in (self._writer, self._upstream):
            if writer is not None:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
