"""Checks of backing services, each with a time limit."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Lock, Thread

_LIMIT_SECONDS = 1.5


class Check:
    """A check in a thread of its own. A second one is not started while the first one hangs."""

    def __init__(self, check: Callable[[], None], *, failures: tuple[type[Exception], ...]) -> None:
        """Keep the function, and the errors by which it reports that a service is unavailable."""
        self._check, self._failures = check, failures
        self._lock = Lock()
        self._running: Future[bool] | None = None
        self._begun = 0.0

    def start(self) -> "Future[bool]":
        """Start the check unless it is running, and return its future result."""
        with self._lock:
            if self._running is None or self._running.done():
                self._begun, self._running = time.monotonic(), Future()
                # A daemon: the process may end while a check hangs.
                Thread(target=self._run, args=(self._running,), name="check", daemon=True).start()
            return self._running

    def seconds_left(self) -> float:
        """Return the seconds left for the running check; not positive if its time is over."""
        return self._begun + _LIMIT_SECONDS - time.monotonic()

    def _run(self, result: "Future[bool]") -> None:
        try:
            self._check()
        except self._failures:
            result.set_result(False)
        except BaseException as error:  # noqa: BLE001 - raised where the result is read
            result.set_exception(error)
        else:
            result.set_result(True)


def states(checks: dict[str, Check]) -> dict[str, str]:
    """Run the checks side by side and return `ok` or `unavailable` for each, within 1.5 s.

    Any other error than a check's failures is raised.
    """
    running = {name: check.start() for name, check in checks.items()}
    left_seconds = [check.seconds_left() for check in checks.values()]
    in_time = [it for it, left in zip(running.values(), left_seconds, strict=True) if left > 0]
    wait(in_time, timeout=max(left_seconds))
    return {
        name: "ok" if future.done() and future.result() else "unavailable"
        for name, future in running.items()
    }
