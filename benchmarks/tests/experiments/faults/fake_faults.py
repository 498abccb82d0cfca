"""A fake target whose components can fail: what each of them serves is set, not found out."""

import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.experiments.runner.arms import Arm
from benchmarks.targets.measure.inventory import Inventory, Row
from benchmarks.tests.experiments.fake_deploy import FakeTarget
from benchmarks.tests.fake_target import FakeApplication

EVERYTHING = frozenset({"/", "/tokens", "/submissions"})
# Paths that are down with a process; with a worker it is what recognizes
SERVED_BY: Mapping[str, frozenset[str]] = {
    "monolith-web": EVERYTHING - {"/"},
    "accounts-web": frozenset({"/tokens"}),
    "submissions-web": frozenset({"/submissions"}),
    "monolith-worker": frozenset(),
    "recognition-worker": frozenset(),
}


@dataclass
class FakeProcess:
    """A process by name."""

    name: str
    alive: bool = True


@dataclass
class FaultyTarget(FakeTarget):
    """Carries out signals and restarts on the fake application, and notes them."""

    names: tuple[str, ...] = ()
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.processes = [FakeProcess(f"{name}-1") for name in self.names]

    def find(self, name: str) -> Iterator[FakeProcess]:
        return (it for it in self.processes if name in (it.name, it.name.removesuffix("-1")))

    def kill(self, process: str, number: signal.Signals = signal.SIGKILL) -> None:
        self.done.append(f"{number.name} {process}")
        for found in self.find(process):
            found.alive = number is not signal.SIGKILL
        self._set(process, is_down=number is not signal.SIGCONT)

    def restart(self, process: str) -> None:
        self.done.append(f"restart {process}")
        for found in self.find(process):
            found.alive = True
        self._set(process.removesuffix("-1"), is_down=False)

    def _set(self, process: str, *, is_down: bool) -> None:
        if process.endswith("-worker"):
            stalled = self.application.stalled
            (stalled.acquire if is_down else stalled.release)()
        down = self.application.faults.down
        (down.update if is_down else down.difference_update)(SERVED_BY[process])

    def inventory(self, *, read_results: bool = False) -> Inventory:  # noqa: ARG002
        rows = {
            key: Row(it["state"], it["owner"]) for key, it in self.application.submissions.items()
        }
        results = tuple(self.application.results)
        return Inventory(rows=rows, results=results, images=tuple(rows), uploads=())


def fault_deployer(work_ms: float = 10.0) -> Callable[..., FaultyTarget]:
    """A `deploy` for arms whose faults name the processes that there are."""

    def deploy(arm: Arm, *, run_dir: Path, **_: object) -> FaultyTarget:
        names = tuple(fault.split()[1] for fault in arm.faults)
        return FaultyTarget(run_dir, 0.01, 0.01, FakeApplication(work_ms=work_ms), names=names)

    return deploy
