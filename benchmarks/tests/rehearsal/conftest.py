"""The fake application as a target, for the steps that both engines have."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from benchmarks.rehearsal import outage, releases, scaling
from benchmarks.rehearsal.outcome import RATES
from benchmarks.targets import ARCHITECTURES, Inventory
from benchmarks.targets.errors import EngineError, NotReadyError
from benchmarks.targets.measure.inventory import Row
from benchmarks.targets.rolling_release import Canary, Release
from benchmarks.tests.fake_target import FakeApplication, Server

DOWN_SECONDS = 0.6


class FakeTarget:
    """The fake application as a target whose engine does what the test sets."""

    architecture = ARCHITECTURES["monolith"]
    arch = "monolith"

    def __init__(self, server: Server) -> None:
        self.base_url = server.base_url
        self.application = server.application
        self.released: list[str] = []
        self.undone: list[str] = []
        self.never_ready: set[str] = set()
        self.wrong: set[str] = set()  # tags whose processes find no submission
        self.compared: list[str] = []
        self.undoes_itself = True
        self.serving = "local"
        self.counts = [1]
        self.down_while_released: set[str] = set()
        self.restarted: list[str] = []
        self.kept = 1.0  # the share of rows that the stores still have

    def images(self, unit: str) -> set[str]:
        return {f"one-flow/{unit}:{self.serving}"}

    def release(
        self,
        unit: str,
        tag: str,
        timeout_seconds: float = 1.0,
        *,
        canary: Canary | None = None,
    ) -> Release:
        if not self.undoes_itself:
            self.serving = tag
        if tag in self.never_ready:
            message = f"Not ready after {timeout_seconds:g} s: {unit}-web."
            raise NotReadyError(message)
        if tag == "missing":
            message = f"The node has no container image one-flow/{unit}:missing."
            raise EngineError(message)
        if canary is not None:
            self.compared.append(tag)
            place = "/nowhere" if tag in self.wrong else ""
            canary([self.base_url], [f"{self.base_url}{place}"])
        if tag == "unseen":  # by the canary
            self.application.faults.reported_as = "pending"
        self.released.append(tag)
        self.serving = tag
        interrupted = bool(self.down_while_released)
        with self._down(self.down_while_released):
            return Release(unit, tag, seconds=0.5, started=2, interrupted=interrupted)

    def restart(self, process: str) -> float:
        self.restarted.append(process)
        with self._down({"/"}):
            return 0.5

    @contextmanager
    def _down(self, paths: set[str]) -> Iterator[None]:
        """Refuse requests for these paths for a moment."""
        self.application.faults.down |= paths
        yield
        time.sleep(DOWN_SECONDS if paths else 0)
        self.application.faults.down -= paths

    def process_types(self, unit: str) -> list[str]:
        return [f"{unit}-web"]

    def logs(self, process: str) -> str:
        return f"log of {process}\n"

    def scale(self, process: str, count: int) -> float:
        del process
        self.counts = [count]
        return 0.5

    def kill(self, process: str) -> None:
        raise NotImplementedError

    def autoscale(self, most: Mapping[str, int], *, least: int = 1) -> None:
        self.autoscaled = (dict(most), least)

    def undo(self, unit: str) -> float:
        self.undone.append(unit)
        self.application.faults.reported_as = ""
        return 0.25

    def pods(self, process: str) -> list[str]:
        count = self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]
        return [f"{process}-{number}" for number in range(count)]

    def inventory(self, *, read_results: bool = False) -> Inventory:
        del read_results
        stored = self.application.submissions
        kept = dict(list(stored.items())[: round(self.kept * len(stored))])
        return Inventory(
            rows={key: Row("succeeded", found["owner"]) for key, found in kept.items()},
            results=tuple(kept),
            images=tuple(kept),
            uploads=(),
        )


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTarget]:
    # Shorter and denser than on an engine
    for module in (releases, outage):
        for name in ("BEFORE_SECONDS", "AFTER_SECONDS"):
            monkeypatch.setattr(module, name, 0.4)
    monkeypatch.setattr(outage, "RECOVERY_SECONDS", 0.4)
    for feature, rate in RATES.items():
        monkeypatch.setitem(RATES, feature, 10 * rate)
    monkeypatch.setattr(scaling, "POLL_SECONDS", 0.05)
    with Server(FakeApplication()) as server:
        yield FakeTarget(server)
