"""Receiving bodies, with small limits and a fake client."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from config.bodies import Bodies, Body, Limits
from config.refusals import ImageTooLarge, Malformed, RequestTimeout, TooManyRequests, Unavailable

SMALL = Limits(
    least_bytes_per_second=1000,
    grace_seconds=0.2,
    idle_seconds=0.5,
    bodies=3,
    bodies_per_owner=2,
    bytes=3_000_000,
    bytes_per_owner=2_000_000,
    memory_bytes=100_000,
)


class Clock(selectors.DefaultSelector):
    """A clock that moves only while all tasks wait, so that a slow machine ends no time limit."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0
        return super().select(0)

    def loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.SelectorEventLoop(self)
        loop.time = lambda: self.now  # type: ignore[method-assign]
        return loop


class Client:
    """Sends chunks after pauses, and then either ends the body or keeps it open."""

    def __init__(self, *pieces: bytes, pause_seconds: float = 0, ends: bool = True) -> None:
        self._pieces = list(pieces)
        self._pause_seconds = pause_seconds
        self._ends = ends

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(self._pause_seconds)
        if self._pieces:
            return {"type": "http.request", "body": self._pieces.pop(0), "more_body": True}
        if not self._ends:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": b"", "more_body": False}


async def collect(bodies: Bodies, client: Client, *, owner: str = "ada", most: int = 10**7) -> Body:
    return await bodies.collect(
        client.receive, b"", more=True, owner=owner, max_bytes=most, too_large=ImageTooLarge()
    )


def run(test: Callable[[Bodies], Coroutine[Any, Any, None]]) -> None:
    async def with_bodies() -> None:
        bodies = Bodies(SMALL)
        await test(bodies)
        assert (bodies.count, bodies.bytes, bodies.memory_bytes) == (0, 0, 0)

    with asyncio.Runner(loop_factory=Clock().loop) as runner:
        runner.run(with_bodies())


async def refused(error: type[Exception], collecting: Awaitable[Body]) -> None:
    with pytest.raises(error):
        await collecting


@pytest.mark.parametrize("size", [10, 99_999, 100_001, 1_500_000])
def test_a_body_is_whole_and_in_memory_or_on_disk(size: int) -> None:
    async def test(bodies: Bodies) -> None:
        body = await collect(bodies, Client(bytes(size // 2), b"\1" * (size - size // 2)))
        assert body.file.read() == bytes(size // 2) + b"\1" * (size - size // 2)
        assert body.size_bytes == size
        assert body.in_memory == (size <= SMALL.memory_bytes)
        body.release()

    run(test)


def test_what_is_held_back_or_slow_is_a_timeout() -> None:
    async def test(bodies: Bodies) -> None:
        await refused(RequestTimeout, collect(bodies, Client(b"x" * 9000, ends=False)))
        slow = Client(*[b"x"] * 100, pause_seconds=0.1)  # 10 bytes a second
        await refused(RequestTimeout, collect(bodies, slow))
        (await collect(bodies, Client(*[b"x" * 1000] * 8, pause_seconds=0.1))).release()

    run(test)


def test_a_body_that_is_too_large_or_cut_off() -> None:
    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def test(bodies: Bodies) -> None:
        await refused(ImageTooLarge, collect(bodies, Client(b"x" * 11), most=10))
        cut = bodies.collect(
            gone, b"x", more=True, owner="ada", max_bytes=10, too_large=ImageTooLarge()
        )
        await refused(Malformed, cut)

    run(test)


def test_one_account_leaves_room_for_others() -> None:
    async def test(bodies: Bodies) -> None:
        held = [await collect(bodies, Client(b"x")) for _ in range(2)]
        await refused(TooManyRequests, collect(bodies, Client(b"x")))
        held.append(await collect(bodies, Client(b"x"), owner="grace"))
        await refused(Unavailable, collect(bodies, Client(b"x"), owner="edith"))
        for body in held:
            body.release()
        await refused(TooManyRequests, collect(bodies, Client(*[bytes(500_000)] * 5)))
        large = [await collect(bodies, Client(bytes(1_400_000)), owner=who) for who in "ab"]
        await refused(Unavailable, collect(bodies, Client(bytes(400_000)), owner="c"))
        for body in large:
            body.release()

    run(test)
