"""A recognizer with a configured cost, for experiments: CPU time, waiting time, one face."""

import time

from imaging.decode import NormalizedImage
from imaging.recognizers.protocol import Detection

_FACE = Detection(label="face", score=0.99, left=0.25, top=0.25, width=0.5, height=0.5)


class Synthetic:
    """Uses ``cpu_ms`` of CPU time in its thread and sleeps ``wait_ms``, for any image."""

    name = "synthetic"

    def __init__(self, *, cpu_ms: float, wait_ms: float) -> None:
        self._cpu_ns = int(cpu_ms * 1_000_000)
        self._wait_seconds = wait_ms / 1000
        self.version = f"1-cpu{cpu_ms:g}-wait{wait_ms:g}"

    def check_available(self) -> None:
        """Return: a recognizer in this process is always available."""

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:  # noqa: ARG002
        """Spend the configured cost and return one face."""
        # The thread's own CPU time, without the time in which other threads hold the core.
        end_ns = time.thread_time_ns() + self._cpu_ns
        while time.thread_time_ns() < end_ns:
            pass
        time.sleep(self._wait_seconds)
        return (_FACE,)
