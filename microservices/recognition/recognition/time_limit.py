"""A time limit for code in the main thread, where no worker process enforces one."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeLimitReached(Exception):
    """The block didn't end within its time limit."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitReached in the block after `seconds`, once. Only in the main thread.

    As Celery's soft limit, this interrupts Python but not a call into native code.
    """
    handler = signal.signal(signal.SIGALRM, _interrupt)
    left_seconds, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left_seconds)  # the caller's own, if there was one
        signal.signal(signal.SIGALRM, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise TimeLimitReached
