"""Code override of the generator: its wall clock is set forward after some seconds."""

import os
import time

_real = time.time
_began = time.monotonic()
_after_seconds = float(os.environ["PLANTED_CLOCK_AFTER_SECONDS"])
_by_seconds = float(os.environ["PLANTED_CLOCK_BY_SECONDS"])


def _skewed() -> float:
    late = time.monotonic() - _began > _after_seconds
    return _real() + (_by_seconds if late else 0.0)


time.time = _skewed
