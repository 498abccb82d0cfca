"""The removal of a project: whole, and not interrupted by Ctrl-C or SIGTERM."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.errors import EngineError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_DOWN_SECONDS = 180.0


def remove_project(engine: Engine, compose: Compose) -> None:
    """Remove a project, at the second attempt if need be. EngineError if that fails too.

    Ctrl-C at a terminal ends the command of the first. And what an interrupted `up` had requested
    of the engine may appear after it.
    """
    try:
        _take_down(compose)
    except EngineError:
        engine.remove(engine.containers())
    if engine.exists():
        _take_down(compose)


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Let the block come to its end; raise KeyboardInterrupt then, if a signal came meanwhile.

    Only the main thread is ever interrupted, so in another one this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {it: signal.signal(it, lambda number, _: came.append(number)) for it in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            raise KeyboardInterrupt


def _take_down(compose: Compose) -> None:
    compose.run(
        "down",
        "--volumes",
        "--remove-orphans",
        "--timeout",
        "1",  # the stores are removed, too, so there is nothing to finish
        timeout_seconds=_DOWN_SECONDS,
    )
