"""The pool of threads in which Django runs, with limits per group and a time limit."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from config.refusals import Unavailable
from config.routes import Group

T = TypeVar("T")

# If no thread becomes free for so long, the running calls are stuck and waiting longer is no use.
NO_PROGRESS_SECONDS = 2.0
# The longest wait for a thread while other threads become free.
QUEUE_SECONDS = 8.0
# A call that runs longer is stuck in a backing service that neither responds nor refuses.
STUCK_SECONDS = 10.0


class Threads:
    """A bounded pool of threads, called from one event loop.

    A stuck call keeps its thread until it ends by itself; its client gets a 503 before that.
    """

    def __init__(
        self,
        size: int,
        *,
        shares: Mapping[Group, float],
        no_progress_seconds: float = NO_PROGRESS_SECONDS,
        stuck_seconds: float = STUCK_SECONDS,
    ) -> None:
        """Create `size` threads; `shares` is the fraction of them that each group may hold."""
        self._executor = ThreadPoolExecutor(size, thread_name_prefix="django")
        self._all = asyncio.Semaphore(size)
        self._groups = {
            group: asyncio.Semaphore(max(1, int(size * share))) for group, share in shares.items()
        }
        self._no_progress_seconds = no_progress_seconds
        self._stuck_seconds = stuck_seconds
        self.groups = frozenset(shares)
        self._freed_at = 0.0

    async def run(
        self,
        call: Callable[[], T],
        *,
        group: Group,
        discard: Callable[[T], None] | None = None,
        after: Callable[[], None] | None = None,
    ) -> T:
        """Return what `call` returns, run in a thread.

        Raises Unavailable if no thread becomes free, or if the call is stuck; the late result of a
        stuck call goes to `discard`. Raises what the call raises. `after` is called when the call
        has ended, or will not be made.
        """
        loop = asyncio.get_running_loop()
        share = self._groups[group]
        try:
            if share.locked() or self._all.locked():
                await self._acquire_in_time(share)
            else:
                await share.acquire()  # both at once: no other task runs in between
                await self._all.acquire()
        except BaseException:
            if after is not None:
                after()
            raise
        done = loop.run_in_executor(self._executor, call)
        waiter: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(self._stuck_seconds, _wake, waiter)

        def free(_: object) -> None:
            timer.cancel()
            self._all.release()
            share.release()
            self._freed_at = loop.time()
            if after is not None:
                after()
            _wake(waiter)

        done.add_done_callback(free)
        try:
            await waiter
        finally:
            if not done.done():  # stuck, or the caller is cancelled
                done.add_done_callback(lambda late: _drop(late, discard))
        if not done.done():
            raise Unavailable
        return done.result()

    async def _acquire_in_time(self, share: asyncio.Semaphore) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        acquired = False

        async def acquire() -> None:
            nonlocal acquired
            await share.acquire()
            try:
                await self._all.acquire()
            except asyncio.CancelledError:
                share.release()
                raise
            acquired = True

        waiting = asyncio.ensure_future(acquire())
        try:
            while not acquired:
                await asyncio.wait({waiting}, timeout=self._no_progress_seconds)
                now = loop.time()
                stuck = now - max(self._freed_at, begun) >= self._no_progress_seconds
                if not acquired and (stuck or now - begun >= QUEUE_SECONDS):
                    raise Unavailable
        finally:
            if not acquired:
                waiting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await waiting


def _wake(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)


def _drop(late: "asyncio.Future[T]", discard: Callable[[T], None] | None) -> None:
    """Retrieve a late result, so that asyncio doesn't report an exception as never retrieved."""
    if late.cancelled() or late.exception() is not None or discard is None:
        return
    discard(late.result())
