"""How many cores had nothing to do of late."""

import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

STAT = Path("/proc/stat")
# Longer than a target takes to start, which uses more than the suites on it do
WINDOW_SECONDS = 20.0
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class IdleCores:
    """Measures idle cores over the last `WINDOW_SECONDS`; `restart` leaves out what was before."""

    def __init__(self, stat: Path = STAT, clock: Callable[[], float] = time.monotonic) -> None:
        self._stat, self._clock = stat, clock
        self._readings = deque[tuple[float, float]]()  # times, and idle seconds until then
        self.restart()

    def restart(self) -> None:
        """Begin a window."""
        self._readings.clear()
        self.measure()

    def measure(self) -> float:
        """Return the idle cores, such as 0.7; 0 while the window is too short.

        0 also where the kernel's figures can't be read. Exact to the time between two calls.
        """
        now, idle = self._clock(), self._idle_seconds()
        if idle is None:
            return 0.0
        self._readings.append((now, idle))
        while len(self._readings) > 1 and now - self._readings[1][0] >= WINDOW_SECONDS:
            self._readings.popleft()
        began, before = self._readings[0]
        return 0.0 if now - began < WINDOW_SECONDS else max(idle - before, 0.0) / (now - began)

    def _idle_seconds(self) -> float | None:
        """Return the idle time of all cores since the start of the machine, waits for a disk too.

        Its format: proc_stat(5).
        """
        try:
            words = self._stat.read_text(encoding="ascii").split(maxsplit=6)
            return (int(words[4]) + int(words[5])) / TICKS_PER_SECOND
        except (OSError, ValueError, IndexError):
            return None
