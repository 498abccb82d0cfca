"""Bring another version of a unit into service while the present one serves.

    release command (migrations) → new processes beside the old → ready → edge switched
    → old ones finish their work and end

Up to the switch nothing that serves has changed, and a failure ends the new processes. Both
versions serve for a moment, so a version must be compatible with the schema and the messages of
the one before it and of the one after it (expand, then contract).
"""

import copy
import fcntl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from backing import Process, StartError, Supervisor
from benchmarks.targets.architectures import Architecture
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.local.edge import Edge
from benchmarks.targets.local.launcher import DRAIN_SECONDS, Launcher, ports, serve, withdraw
from benchmarks.targets.local.placement import Installed, Placed, Placement
from benchmarks.targets.rolling_release import Canary

Report = Callable[[str], None]


@dataclass(frozen=True)
class Rollout:
    """The outcome of a rollout: seconds by step, and numbers of started and ended processes."""

    unit: str
    version: str
    seconds: Mapping[str, float]
    started: int
    ended: int


@dataclass
class _Clock:
    report: Report
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began
        self.report(f"  {name:28} {self.seconds[name]:6.1f} s")


@dataclass
class _Change:
    """A rollout under way: its new processes, and those that serve until the switch."""

    unit: str
    installed: Installed
    back: bool
    old: list[Process]
    fresh: list[Process] = field(default_factory=list)
    before: Placed | None = None  # what was placed before the switch; None until then


@contextmanager
def one_release(run_dir: Path, unit: str) -> Iterator[None]:
    """Hold the release lock of a unit within the block; ReleaseError if another command has it."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run_dir / f"release-{unit}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{unit} is being released already: wait for that to end."
            raise ReleaseError(message) from error
        yield


class Releaser:
    """Brings versions of the units of one target into service."""

    def __init__(
        self,
        architecture: Architecture,
        supervisor: Supervisor,
        launcher: Launcher,
        edge: Edge,
        placement: Placement,
    ) -> None:
        self._architecture = architecture
        self._supervisor = supervisor
        self._launcher = launcher
        self._edge = edge
        self._placement = placement

    def roll_out(
        self,
        unit: str,
        installed: Installed,
        *,
        back: bool = False,
        canary: Canary | None = None,
        report: Report = lambda _line: None,
    ) -> Rollout:
        """Bring a version into service; the caller holds `one_release`.

        ReleaseError with the cause if it can't serve; then the former version serves, and the new
        processes have ended. `back` is for a version that served before: its release command
        doesn't run, so it uses its successor's schema, and the successor isn't kept for a rollback.
        """
        clock = _Clock(report)
        change = _Change(unit, installed, back, self._running(unit))
        try:
            self._prepare(change, canary, clock)
            with clock.step("edge switched"):
                left = self._switch(change)
                self._supervisor.wait_ready(self._edge.watched(self._placement.read()))
        except BaseException as error:
            self._undo(change)
            if isinstance(error, StartError):
                message = f"{installed.version} of {unit} was not released. {error}"
                raise ReleaseError(message) from error
            raise
        with clock.step("old processes drained"):
            try:
                self._edge.wait_left(left, self._placement.read(), timeout_seconds=DRAIN_SECONDS)
            finally:
                self._supervisor.stop(*change.old, grace_seconds=DRAIN_SECONDS)
        counts = len(change.fresh), len(change.old)
        return Rollout(unit, installed.version, clock.seconds, *counts)

    def _prepare(self, change: _Change, canary: Canary | None, clock: _Clock) -> None:
        """Run all steps before the switch; an edge that is a unit of its own has none."""
        units = {unit.name: unit for unit in self._architecture.units}
        unit = units.get(change.unit)
        if unit is None:
            return
        if self._launcher.has_function(unit):
            message = (
                f"{unit.name} runs as a function, which isn't released here: make down, "
                "then make up with RECOGNITION=celery."
            )
            raise ReleaseError(message)
        if not change.back:
            with clock.step("release command"):
                self._launcher.release(unit, change.installed)
        with clock.step("new processes ready"):
            change.fresh = self._launcher.start_beside(unit, change.installed)
            self._supervisor.wait_ready(*change.fresh)
        if canary is not None:
            with clock.step("canary"):
                serving = self._placement.read().web_ports
                names = [process.name for process in change.old]
                old = {name: serving[name] for name in names if name in serving}
                canary(_addresses(old), _addresses(ports(change.fresh)))

    def _switch(self, change: _Change) -> frozenset[int]:
        """Route the edge to the new processes, record them, and return the former ports."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._placement.changing() as placed:
            change.before = copy.deepcopy(placed)
            earlier = placed.earlier.setdefault(change.unit, [])
            if change.back:
                earlier.pop()
            else:
                earlier.append(placed.installed[change.unit])
            placed.installed[change.unit] = replace(change.installed, since=now)
            serve(placed, change.fresh)
            left = withdraw(placed, [process.name for process in change.old])
            self._point_edge(change, placed)
            return left

    def _undo(self, change: _Change) -> None:
        """Restore the former version's service, and end the new processes."""
        before = change.before
        left: frozenset[int] = frozenset()
        if before is not None:
            with self._placement.changing() as placed:
                placed.installed[change.unit] = before.installed[change.unit]
                placed.earlier[change.unit] = before.earlier.get(change.unit, [])
                left = withdraw(placed, [process.name for process in change.fresh])
                names = {process.name for process in change.old}
                placed.web_ports |= {k: v for k, v in before.web_ports.items() if k in names}
                self._point_edge(change, placed)
        self._edge.wait_left(left, self._placement.read(), timeout_seconds=DRAIN_SECONDS)
        known = {process.name for process in change.old}
        running = self._running(change.unit)
        self._supervisor.stop(*[process for process in running if process.name not in known])

    def _point_edge(self, change: _Change, placed: Placed) -> None:
        """Reload the edge's files first if they change: it may refuse them without an effect."""
        if change.unit == self._architecture.edge_unit:
            self._edge.reload(placed)
        if change.old or change.fresh:
            self._edge.route_to(self._launcher.upstreams(placed))

    def _running(self, unit: str) -> list[Process]:
        return [
            process
            for process in tuple(self._supervisor.processes.values())
            if process.spec.role == "unit" and process.spec.unit == unit
        ]


def _addresses(ports_by_name: Mapping[str, int]) -> list[str]:
    return [f"http://127.0.0.1:{port}" for port in ports_by_name.values()]
