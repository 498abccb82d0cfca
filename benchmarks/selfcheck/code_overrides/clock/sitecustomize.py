"""Code override of the generator: its wall clock is set forward at a signal, SIGUSR1."""

import os
import signal
import time

_real = time.time
_by_seconds = float(os.environ["PLANTED_CLOCK_BY_SECONDS"])
_signals: list[int] = []


def _skewed() -> float:
    return _real() + (_by_seconds if _signals else 0.0)


signal.signal(signal.SIGUSR1, lambda number, _: _signals.append(number))
time.time = _skewed
