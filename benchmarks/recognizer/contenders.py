"""Beside thumbor: the same image at a URL, by each architecture's flow, on the same core."""

import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from benchmarks import ports
from benchmarks.recognizer.errors import RecognizerError
from benchmarks.recognizer.flow import Flow
from benchmarks.recognizer.plan import FLOW_IMAGES, order
from benchmarks.recognizer.thumbor_server import NAME, Thumbor
from benchmarks.repository import REPOSITORY
from benchmarks.targets import ARCHITECTURES

_SERVER_SECONDS = 20.0


class Finder(Protocol):
    """What finds the faces of an image at a URL."""

    def cpu_ms(self) -> float:
        """Return the CPU time that all its processes have used."""

    def find_faces(self, image_url: str) -> tuple[float, int]:
        """Return the ms that it took, and the number of faces."""


@dataclass(frozen=True, slots=True)
class FinderReading:
    """One contender in one block."""

    latency_ms: float
    cpu_ms: float
    faces: int


def contender_blocks(
    image: Path, run_dir: Path, cores: frozenset[int], blocks: int
) -> list[dict[str, FinderReading]]:
    """Return the readings of each block, by contender, each block in a random order.

    All are up at once and idle outside of their turn. Raises what `deploy` raises.
    """
    with ExitStack() as stack:
        url = stack.enter_context(served(image))
        finders: dict[str, Finder] = {NAME: stack.enter_context(Thumbor(run_dir, cores))}
        for name in ARCHITECTURES:
            flow = Flow(name, cores, RECOGNIZER="centerface")
            finders[name] = stack.enter_context(flow)
        numbers = itertools.count()
        for finder in finders.values():
            _measure(finder, url, numbers)  # loads the models
        return [
            {name: _measure(finders[name], url, numbers) for name in order(list(finders), block)}
            for block in range(blocks)
        ]


def _measure(finder: Finder, url: str, numbers: Iterator[int]) -> FinderReading:
    before = finder.cpu_ms()
    # Each URL is another: no contender can have the image or its faces already.
    found = [finder.find_faces(f"{url}?number={next(numbers)}") for _ in range(FLOW_IMAGES)]
    return FinderReading(
        latency_ms=statistics.median(latency for latency, _ in found),
        cpu_ms=(finder.cpu_ms() - before) / FLOW_IMAGES,
        faces=min(faces for _, faces in found),
    )


@contextmanager
def served(image: Path) -> Iterator[str]:
    """Serve the image's folder on the port from which the units may fetch; yield its URL."""
    port = ports.configured("images")
    url = f"http://127.0.0.1:{port}/{image.name}"
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with (REPOSITORY / ".run" / "recognizer-images.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=image.parent, stdout=log, stderr=log)
    try:
        _wait_for(url, server)
        yield url
    finally:
        server.kill()
        server.wait()


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _SERVER_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        try:
            httpx.get(url, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise RecognizerError(f"The server of the image did not start; is the port of {url} free?")
