"""Stuck threads of the pool in which Django runs."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from config.refusals import Unavailable
from config.routes import Group
from config.threads import Threads

FIRST, SECOND = Group.OTHER, Group.READINESS


@pytest.fixture
def stall() -> Iterator[threading.Event]:
    """Yield an event that calls wait for: stuck until it is set."""
    event = threading.Event()
    yield event
    event.set()


def run(test: Callable[[Threads], Coroutine[Any, Any, None]]) -> None:
    async def with_threads() -> None:
        shares = {FIRST: 0.5, SECOND: 1.0}
        await test(Threads(4, shares=shares, no_progress_seconds=0.3, stuck_seconds=1.0))

    asyncio.run(with_threads())


def test_a_call_returns_and_raises() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def test(threads: Threads) -> None:
        ended: list[int] = []
        assert await threads.run(lambda: 7, group=FIRST, after=lambda: ended.append(1)) == 7
        with pytest.raises(ZeroDivisionError):
            await threads.run(fail, group=FIRST, after=lambda: ended.append(2))
        assert ended == [1, 2]

    run(test)


def test_one_group_leaves_threads_to_the_other(stall: threading.Event) -> None:
    async def test(threads: Threads) -> None:
        stuck = [asyncio.ensure_future(threads.run(stall.wait, group=FIRST)) for _ in range(2)]
        await asyncio.sleep(0)
        refused: list[int] = []
        with pytest.raises(Unavailable):  # no thread becomes free
            await threads.run(lambda: 1, group=FIRST, after=lambda: refused.append(1))
        assert refused == [1]
        assert await threads.run(lambda: 2, group=SECOND) == 2
        for future in stuck:
            with pytest.raises(Unavailable):  # before the call ends
                await future
        assert not stall.is_set()
        stall.set()
        while True:  # the threads are free again
            try:
                assert await threads.run(lambda: 3, group=FIRST) == 3
            except Unavailable:
                continue
            break

    run(test)


def test_what_comes_too_late_is_discarded(stall: threading.Event) -> None:
    async def test(threads: Threads) -> None:
        discarded: list[bool] = []
        ended: list[int] = []
        with pytest.raises(Unavailable):
            await threads.run(
                stall.wait, group=FIRST, discard=discarded.append, after=lambda: ended.append(1)
            )
        assert not ended
        stall.set()
        while not discarded:
            await asyncio.sleep(0.01)
        assert (discarded, ended) == ([True], [1])

    run(test)


def test_a_queue_is_waited_for_while_threads_become_free() -> None:
    async def test(threads: Threads) -> None:
        calls = [threads.run(lambda: time.sleep(0.1), group=FIRST) for _ in range(20)]
        await asyncio.gather(*calls)  # a second in all, and none is refused

    run(test)
