"""The server of images that the conformance suites' targets fetch from, as a process of its own."""

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from benchmarks import ports
from benchmarks.experiments.runner.errors import ConformanceError

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance"
PATIENCE_SECONDS = 20.0


class ImageServer:
    """Serve the fixtures, and every bad behaviour of a web server, within the `with` block."""

    def __init__(self, log: Path) -> None:
        self._port = ports.configured("images")  # which both architectures admit
        self.url = f"http://127.0.0.1:{self._port}"
        command = [sys.executable, "image_server.py", "--host", "127.0.0.1"]
        command += ["--port", str(self._port)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=FOLDER, stdout=output, stderr=output, start_new_session=True
            )
        self._log = log

    def wait(self) -> None:
        """Wait until it takes connections; ConformanceError if it doesn't."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                time.sleep(0.2)  # our own ends at once if another process has the port
                if self._process.poll() is None:
                    return
        raise ConformanceError(f"The suite's image server did not start; see {self._log}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(timeout=5)


class GivenServer:
    """An image server that runs already, for targets that don't reach this machine's loopback."""

    def __init__(self, url: str) -> None:
        self.url = url

    def wait(self) -> None:
        """Return at once: without it the suite's cases fail."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Leave it as it is."""
