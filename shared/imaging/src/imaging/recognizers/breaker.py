"""A circuit breaker for a recognizer that is reached over the network.

Closed, it admits every call. It opens after some failures in a row, or at once for the time that
the recognizer sends. Open, it raises RecognizerUnavailable without a call. When its time is over,
it admits one call, the probe: a success closes it, a failure opens it again.

Not a library's breaker, because none both opens for a time that the failure carries and admits
parallel calls: docs/decisions/0023-circuit-breaker.md.
"""

import threading
import time
from collections.abc import Callable

from imaging.errors import RecognizerUnavailable

_LEAST_OPEN_SECONDS = 1.0


class CircuitBreaker:
    """Counts the outcomes of calls; one for each process and recognizer. Thread-safe.

    Opens for ``open_seconds`` after ``max_failures`` failures in a row, and for the time that a
    failure carries, at most ``max_retry_after_seconds``. ``clock`` returns monotonic seconds.
    """

    def __init__(
        self,
        *,
        max_failures: int,
        open_seconds: float,
        max_retry_after_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_failures = max_failures
        self._open_seconds = open_seconds
        self._max_retry_after_seconds = max_retry_after_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until: float | None = None  # None while closed
        self._period = 0  # changes whenever the breaker opens or admits a probe

    def check(self) -> None:
        """Raise RecognizerUnavailable, with the seconds left, while no call may be made."""
        with self._lock:
            self._check()

    def admit(self) -> int:
        """Admit a call and return its ticket for ``succeeded`` or ``failed``.

        Raises RecognizerUnavailable, with the seconds left, while no call may be made.
        """
        with self._lock:
            self._check()
            if self._open_until is not None:
                # The probe. Others are refused while it runs, but not for longer than this: a probe
                # that never reports its outcome (killed, interrupted) can't hold it open.
                self._open(self._open_seconds)
            return self._period

    def succeeded(self, ticket: int) -> None:
        """Count a success: the breaker closes."""
        with self._lock:
            if ticket == self._period:  # otherwise it has opened since the call began
                self._failures = 0
                self._open_until = None

    def failed(self, ticket: int, *, retry_after_seconds: float | None = None) -> float | None:
        """Count a failure and return the seconds for which the breaker is open, None if closed.

        ``retry_after_seconds`` is the time that the recognizer sent.
        """
        with self._lock:
            if retry_after_seconds is not None:
                named = min(retry_after_seconds, self._max_retry_after_seconds)
                self._open(max(named, self._seconds_left(), _LEAST_OPEN_SECONDS))
            elif ticket == self._period:
                self._failures += 1
                # A probe's failure opens it again: the failures before it still count.
                if self._failures >= self._max_failures or self._open_until is not None:
                    self._open(self._open_seconds)
            left = self._seconds_left()
            return left if left > 0 else None

    def _check(self) -> None:
        if (left := self._seconds_left()) > 0:
            raise RecognizerUnavailable(
                "The face recognizer is not available at the moment.", retry_after_seconds=left
            )

    def _seconds_left(self) -> float:
        return 0.0 if self._open_until is None else self._open_until - self._clock()

    def _open(self, seconds: float) -> None:
        self._period += 1
        self._open_until = self._clock() + seconds
