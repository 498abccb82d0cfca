"""Ctrl-C and SIGTERM while something is removed: they have their effect when that is done."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NUMBERS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Let the block come to its end; raise KeyboardInterrupt then, if a signal came meanwhile.

    Only the main thread is ever interrupted, so in another one this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {it: signal.signal(it, lambda number, _: came.append(number)) for it in _NUMBERS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            raise KeyboardInterrupt
