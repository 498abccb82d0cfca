"""Long polling: delay reads until a submission is final, without a thread for each of them.

Everything here runs in the web process's event loop, except for the database query and the thread
that receives notices.
"""

import asyncio
import logging
from asyncio import FIRST_COMPLETED
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError

from submissions.connections import connection_release
from submissions.notices import final_subscribe
from submissions.selectors import submissions_open

logger = logging.getLogger(__name__)

WAIT_MAX_SECONDS = 20
_POLL_SECONDS = 1.0

# Runs a function in one of the process's threads. Raises what the function raises.
InThread = Callable[[Callable[[], set[str]]], Awaitable[set[str]]]


class WaitingClients:
    """The clients that wait in this process, by submission. For one event loop."""

    def __init__(self, *, in_thread: InThread, places: int, places_per_account: int) -> None:
        """Limit how many clients wait at once, in all and per account."""
        self._in_thread = in_thread
        self._places = places
        self._places_per_account = places_per_account
        self._accounts: Counter[str] = Counter()
        self._watched: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)
        self._poll: asyncio.Task[None] | None = None
        self._closed = False

    @contextmanager
    def place(self, *, account: str) -> Iterator[bool]:
        """Reserve a place for the account while the block runs; yield False if there is none."""
        if (
            self._closed
            or self._accounts.total() >= self._places
            or self._accounts[account] >= self._places_per_account
        ):
            yield False
            return
        self._accounts[account] += 1
        try:
            yield True
        finally:
            self._accounts[account] -= 1
            if not self._accounts[account]:
                del self._accounts[account]

    @property
    def closed(self) -> bool:
        """Return whether no client may wait any more."""
        return self._closed

    @contextmanager
    def watch(self, submission_id: str) -> Iterator["asyncio.Future[None]"]:
        """Yield a future that is done when the submission is final or deleted, or the process ends.

        Enter it before the first read of the state: a change in between would be missed.
        """
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watched[submission_id].add(settled)
        self._begin()
        try:
            yield settled
        finally:
            self._watched[submission_id].discard(settled)
            if not self._watched[submission_id]:
                del self._watched[submission_id]

    def close(self) -> None:
        """Release all clients and accept no more: the process is about to end."""
        self._closed = True
        for submission_id in list(self._watched):
            self._settled(submission_id)

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        final_subscribe(self._watched, lambda key: loop.call_soon_threadsafe(self._settled, key))
        if self._poll is None or self._poll.done():
            self._poll = loop.create_task(self._polling())

    async def _polling(self) -> None:
        """Query all watched submissions together, once a second, until there are none."""
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            watched = list(self._watched)
            if not watched:
                return
            try:
                still_open = await self._in_thread(partial(_look, watched))
            except Exception as error:  # noqa: BLE001 - the query is repeated
                if not isinstance(error, OperationalError | InterfaceError):
                    logger.warning("can't query the submissions of waiting clients: %r", error)
                continue
            for submission_id in set(watched) - still_open:
                self._settled(submission_id)

    def _settled(self, submission_id: str) -> None:
        for settled in self._watched.get(submission_id, ()):
            if not settled.done():
                settled.set_result(None)


async def settled_or_disconnected(
    settled: "asyncio.Future[None]",
    disconnected: Callable[[], Coroutine[Any, Any, None]],
    *,
    seconds: float,
) -> bool:
    """Wait at most so many seconds. Return False if the client disconnected before the end."""
    leaving = asyncio.create_task(disconnected())
    try:
        await asyncio.wait({leaving, settled}, timeout=seconds, return_when=FIRST_COMPLETED)
        return settled.done() or not leaving.done()
    finally:
        leaving.cancel()


def _look(submission_ids: list[str]) -> set[str]:
    try:
        return submissions_open(submission_ids)
    finally:
        connection_release()
