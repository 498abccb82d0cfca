"""Time per image over sizes and threads: one process for each number of threads."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.recognizer.errors import RecognizerError
from benchmarks.recognizer.plan import SIZES, THREADS, ImageSize, images_of, order
from benchmarks.targets.local.settings import environments_folder

_SCRIPT = Path(__file__).with_name("probe.py")
Arm = tuple[ImageSize, int]
Reading = Mapping[str, float]


class Probe:
    """A process that measures images with a number of threads, each on a core of its own."""

    def __init__(self, threads: int, cores: list[int]) -> None:
        self._process = subprocess.Popen(
            [
                str(environments_folder() / "monolith" / "bin" / "python"),
                "-P",
                str(_SCRIPT),
                str(threads),
                ",".join(map(str, cores[:threads])),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, image: Path, count: int) -> dict[str, Any]:
        """Return the response of the process. RecognizerError if it has ended."""
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018
        try:
            self._process.stdin.write(json.dumps({"path": str(image), "count": count}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RecognizerError("The process that measures images has ended.")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def _probes(cores: list[int]) -> Iterator[dict[int, Probe]]:
    started: dict[int, Probe] = {}
    try:
        for threads in THREADS:
            if threads <= len(cores):
                started[threads] = Probe(threads, cores)
        yield started
    finally:
        for probe in started.values():
            probe.close()


def image_blocks(
    images: Mapping[str, Path], cores: list[int], blocks: int
) -> list[dict[Arm, Reading]]:
    """Return the readings of each block, by size and threads, each block in a random order."""
    with _probes(cores) as probes:
        arms = [(size, threads) for size in SIZES for threads in probes]
        return [
            {
                (size, threads): probes[threads].measure(images[size.name], images_of(size))
                for size, threads in order(arms, block)
            }
            for block in range(blocks)
        ]
