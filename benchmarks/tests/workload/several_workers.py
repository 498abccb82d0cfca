"""Starts a real master and real workers, each a Locust process of its own."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.tests.fake_target import Server
from benchmarks.tests.workload.locust_process import finished, own_ports, started

WORKERS = 4


@dataclass(frozen=True)
class Distributed:
    """A run under way: the process of its master, and those of its workers."""

    master: "subprocess.Popen[str]"
    workers: tuple["subprocess.Popen[str]", ...]

    def finish(self) -> "subprocess.CompletedProcess[str]":
        """Return the master's output after its end; the workers end with it."""
        ended = finished(self.master)
        for worker in self.workers:
            finished(worker)
        return ended


@contextmanager
def distributed(
    file: str, server: Server, folder: Path, *options: str, workers: int = WORKERS
) -> Iterator[Distributed]:
    """Start a master and its workers; end what still runs, however the block is left."""
    ports = own_ports()
    master = (
        *("-f", file, "--master", "--expect-workers", str(workers), "--headless"),
        *("--host", server.base_url, "--json-file", "locust", "--report-file", "run.json"),
        *ports[:2],
        *options,
    )
    with ExitStack() as stack:
        yield Distributed(
            stack.enter_context(started(*master, cwd=folder)),
            tuple(
                stack.enter_context(started("-f", file, "--worker", *ports[2:], cwd=folder))
                for _ in range(workers)
            ),
        )


def run_report(folder: Path) -> dict[str, Any]:
    """Return the report that the master wrote."""
    found: dict[str, Any] = json.loads((folder / "run.json").read_text())
    return found
