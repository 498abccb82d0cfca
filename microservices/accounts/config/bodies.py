"""Receive request bodies, with limits of their size, rate and number.

Bodies are received before a thread is taken, so a slow client holds none. Small ones stay in
memory; large ones, and all of them once memory is short, go to a temporary file.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from config.refusals import Malformed, RequestTimeout, TooManyRequests, Unavailable

Receive = Callable[[], Awaitable[dict[str, Any]]]

_BODY_MEMORY_BYTES = 1024 * 1024
_DISCARD_BYTES = 16 * 1024 * 1024
_DISCARD_SECONDS = 15.0  # longer than the edge keeps sending


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of bodies. `owner` is the client's IP address."""

    least_bytes_per_second: int = 50_000
    grace_seconds: float = 10.0  # before the rate counts
    idle_seconds: float = 12.0
    bodies: int = 512
    bodies_per_owner: int = 64
    bytes: int = 512 * 1024 * 1024
    bytes_per_owner: int = 128 * 1024 * 1024
    memory_bytes: int = 32 * 1024 * 1024


@dataclass(slots=True)
class Body:
    """A body that is being received, and is whole when `collect` has returned it."""

    bodies: "Bodies"
    owner: str
    file: IO[bytes]
    size_bytes: int = 0
    memory_bytes: int = 0
    in_memory: bool = True

    def release(self) -> None:
        """Close the file and free the body's memory. Call once for each body."""
        self.file.close()
        self.bodies.forget(self)


class Bodies:
    """All bodies that a process is receiving, with their limits. For one event loop."""

    def __init__(self, limits: Limits) -> None:
        """Begin without bodies."""
        self._limits = limits
        self._count: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self.count = self.bytes = self.memory_bytes = 0

    async def first(self, receive: Receive) -> tuple[bytes, bool]:
        """Return the first chunk of a body, and whether more follows. Raises as `collect`."""
        try:
            async with asyncio.timeout(self._limits.idle_seconds):
                event = await receive()
        except TimeoutError as error:
            raise RequestTimeout from error
        if event["type"] != "http.request":
            raise Malformed
        return event["body"], event.get("more_body", False)

    async def collect(
        self,
        receive: Receive,
        first: bytes,
        *,
        more: bool,
        owner: str,
        max_bytes: int,
        too_large: Exception,
    ) -> "Body":
        """Return the whole body, which begins with `first`; the caller must `release` it.

        Raises `too_large` beyond `max_bytes`, RequestTimeout below the minimum rate, Malformed if
        the client disconnects or its framing is broken, TooManyRequests or Unavailable at the
        limits.
        """
        body = self._admit(owner)
        try:
            if more or first:
                await self._fill(body, receive, (first, more), max_bytes, too_large)
            body.file.seek(0)
        except OSError as error:  # the disk is full
            body.release()
            raise Unavailable from error
        except BaseException:  # a refusal, or the task is cancelled
            body.release()
            raise
        return body

    async def _fill(
        self,
        body: Body,
        receive: Receive,
        begin: tuple[bytes, bool],
        max_bytes: int,
        too_large: Exception,
    ) -> None:
        loop = asyncio.get_running_loop()
        limits, begun = self._limits, loop.time()
        chunk, more = begin
        try:
            async with asyncio.timeout(None) as timeout:
                while True:
                    if body.size_bytes + len(chunk) > max_bytes:
                        raise too_large
                    self._add(body, chunk)
                    if not more:
                        return
                    due = begun + limits.grace_seconds
                    due += body.size_bytes / limits.least_bytes_per_second
                    timeout.reschedule(min(due, loop.time() + limits.idle_seconds))
                    event = await receive()
                    if event["type"] != "http.request":
                        raise Malformed
                    chunk, more = event["body"], event.get("more_body", False)
        except TimeoutError as error:
            raise RequestTimeout from error

    def _admit(self, owner: str) -> Body:
        limits = self._limits
        if self._count[owner] >= limits.bodies_per_owner:
            raise TooManyRequests
        if self.count >= limits.bodies:
            raise Unavailable
        self._count[owner] += 1
        self.count += 1
        return Body(self, owner, BytesIO())

    def _add(self, body: Body, chunk: bytes) -> None:
        size, limits = len(chunk), self._limits
        if self._bytes[body.owner] + size > limits.bytes_per_owner:
            raise TooManyRequests
        if self.bytes + size > limits.bytes:
            raise Unavailable
        body.size_bytes += size
        self._bytes[body.owner] += size
        self.bytes += size
        if body.in_memory:
            full = self.memory_bytes + size > limits.memory_bytes
            if full or body.memory_bytes + size > _BODY_MEMORY_BYTES:
                self._move_to_disk(body)
            else:
                body.memory_bytes += size
                self.memory_bytes += size
        body.file.write(chunk)

    def _move_to_disk(self, body: Body) -> None:
        memory = body.file
        memory.seek(0)
        body.file, body.in_memory = tempfile.TemporaryFile(), False  # noqa: SIM115 - see release
        body.file.write(memory.read())
        self.memory_bytes -= body.memory_bytes
        body.memory_bytes = 0

    def forget(self, body: Body) -> None:
        """Stop counting a body."""
        self.count -= 1
        self.bytes -= body.size_bytes
        self.memory_bytes -= body.memory_bytes
        for counter, freed in ((self._count, 1), (self._bytes, body.size_bytes)):
            counter[body.owner] -= freed
            if counter[body.owner] <= 0:
                del counter[body.owner]


async def discard(receive: Receive) -> None:
    """Read the rest of a body after an early response, so that the connection isn't reset.

    A proxy that is still sending the body would treat the reset as a failure of this process and
    drop the response.
    """
    left_bytes = _DISCARD_BYTES
    try:
        async with asyncio.timeout(_DISCARD_SECONDS):
            while left_bytes > 0:
                event = await receive()
                if event["type"] != "http.request" or not event.get("more_body", False):
                    return
                left_bytes -= len(event["body"])
    except TimeoutError:
        return
