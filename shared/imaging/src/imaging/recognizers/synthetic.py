"""A recognizer of set cost, for experiments: so much CPU, so much waiting, always one face."""

import time

from imaging.decode import NormalizedImage
from imaging.recognizers.protocol import Detection

_FACE = Detection(label="face", score=0.99, left=0.25, top=0.25, width=0.5, height=0.5)


class Synthetic:
    """Burns ``cpu_ms`` of its thread's CPU time and sleeps ``wait_ms``, whatever the image."""

    name = "synthetic"

    def __init__(self, *, cpu_ms: float, wait_ms: float) -> None:
        self._cpu_ns = int(cpu_ms * 1_000_000)
        self._wait_seconds = wait_ms / 1000
        self.version = f"1-cpu{cpu_ms:g}-wait{wait_ms:g}"

    def check_available(self) -> None:
        """Return: what runs in this process is always available."""

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:  # noqa: ARG002
        """Spend the set cost and give the one face."""
        # Measured in the thread's own CPU time: time in which others hold the core is not burnt.
        end_ns = time.thread_time_ns() + self._cpu_ns
        while time.thread_time_ns() < end_ns:
            pass
        time.sleep(self._wait_seconds)
        return (_FACE,)
