"""Start the processes of the units as their Procfiles describe them."""

import os
import shlex
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from backing import Process, ProcessSpec, StartError, Supervisor, run_apart
from backing.ports import free_port
from benchmarks.targets.architectures import Architecture, Unit
from benchmarks.targets.local import readiness
from benchmarks.targets.local.function import WORKER, is_function
from benchmarks.targets.local.observation import METRICS_PORT, is_observed
from benchmarks.targets.local.placement import Installed, Placed, Placement
from benchmarks.targets.local.procfile import RELEASE, read_procfile

READY_SECONDS = 60.0
RELEASE_SECONDS = 90.0
# Longer than any task and any request may take
DRAIN_SECONDS = 40.0


class DeploymentInfo(Protocol):
    """What a launcher needs of a deployment; `settings.Deployment` implements it."""

    @property
    def architecture(self) -> Architecture:
        """Return the architecture, which has the units."""

    @property
    def supervisor(self) -> Supervisor:
        """Return the supervisor of the processes."""

    @property
    def cores(self) -> frozenset[int] | None:
        """Return the cores that the processes are pinned to; None: not pinned."""

    def environment(self, unit: Unit) -> dict[str, str]:
        """Return the environment of a unit's processes."""

    def pool_setting(self, unit: Unit, number: int, counts: Mapping[str, int]) -> dict[str, str]:
        """Return the pool setting of the unit's `number`th web process; `counts` is by type."""


class Launcher:
    """Starts processes and records in the placement their counts and ports."""

    def __init__(
        self,
        deployment: DeploymentInfo,
        placement: Placement,
        *,
        broker_is_gated: bool = False,
        apart: Mapping[str, frozenset[int]] | None = None,
    ) -> None:
        self._deployment = deployment
        self._supervisor = deployment.supervisor
        self._placement = placement
        self._broker_is_gated = broker_is_gated
        self._apart = dict(apart or {})

    def upstreams(self, placed: Placed) -> dict[str, list[int]]:
        """Return, by unit, the ports of the web processes that the edge routes to."""
        return {
            unit.name: [
                port
                for name, port in sorted(placed.web_ports.items())
                if type_of(name) == f"{unit.name}-web"
            ]
            for unit in self._deployment.architecture.units
            if unit.upstreams is not None
        }

    def start_units(self, replicas: Mapping[str, int]) -> list[Process]:
        """Start every process of every unit without waiting; `replicas` is by process type.

        ValueError if there are too few database connections for so many.
        """
        with self._placement.changing() as placed:
            placed.counts = dict(replicas)
            started = [
                process
                for unit in self._deployment.architecture.units
                for process in self._start(unit, self._wanted(unit, placed), placed)
            ]
            serve(placed, started)
            return started

    def start_more(self, process: str, count: int, *, running: Collection[str]) -> list[Process]:
        """Bring a process type up to `count` processes without waiting; return the new ones.

        ValueError if there are too few database connections for so many; then none is started.
        """
        unit_name, _, kind = process.rpartition("-")
        unit = self._deployment.architecture.unit(unit_name)
        with self._placement.changing() as placed:
            placed.counts[process] = count
            there = [name for name in running if type_of(name) == process]
            fresh = free_names(process, count - len(there), taken=there)
            return self._start(unit, [(kind, name) for name in fresh], placed)

    def start_beside(self, unit: Unit, installed: Installed) -> list[Process]:
        """Start as many processes of another version as run of this one, without waiting."""
        with self._placement.changing() as placed:
            before = self._wanted(unit, placed)
            taken = list(self._supervisor.processes)
            names = [
                (kind, name)
                for kind in self._kinds(unit, installed)
                for name in free_names(
                    f"{unit.name}-{kind}",
                    sum(other == kind for other, _ in before) or 1,
                    taken=taken,
                )
            ]
            return self._start(unit, names, placed, installed)

    def release(self, unit: Unit, installed: Installed) -> None:
        """Run the unit's release command (migrations, tables, buckets), if it has one.

        StartError with the end of its log if it fails or takes too long.
        """
        started = self.start_release(unit, installed)
        if started is not None:
            self.end_release(started)

    def start_release(self, unit: Unit, installed: Installed) -> Process | None:
        """Start the release command without waiting; None if the unit has none."""
        command = read_procfile(installed.files(unit.folder)).get(RELEASE)
        if command is None:
            return None
        return self._supervisor.start(
            ProcessSpec(
                name=f"{unit.name}-{RELEASE}",
                unit=unit.name,
                role="unit",
                command=("/bin/sh", "-ec", command),
                directory=installed.files(unit.folder),
                environment=self._environment(unit, installed),
                cores=self._deployment.cores,
            )
        )

    def end_release(self, process: Process) -> None:
        """Wait for a release command's end. StartError if it fails or takes too long."""
        status = self._supervisor.wait_end(process, timeout_seconds=RELEASE_SECONDS)
        lines = "\n".join(f"  | {line}" for line in process.last_lines())
        self._supervisor.stop(process)
        if status != 0:
            what = "did not end in time" if status is None else f"failed with status {status}"
            message = f"{process.name} {what}. Its log ({process.log}) ends with:\n{lines}"
            raise StartError(message)

    def _wanted(self, unit: Unit, placed: Placed) -> list[tuple[str, str]]:
        return [
            (kind, f"{unit.name}-{kind}-{number}")
            for kind in self._kinds(unit, placed.installed[unit.name])
            for number in range(1, placed.counts.get(f"{unit.name}-{kind}", 1) + 1)
        ]

    def has_function(self, unit: Unit) -> bool:
        """Return whether a function makes the unit's attempts, and no worker does."""
        return unit.function is not None and is_function(self._deployment.environment(unit))

    def _kinds(self, unit: Unit, installed: Installed) -> list[str]:
        """Return the process types to start."""
        without = {WORKER} if self.has_function(unit) else set()
        return [kind for kind in kinds(unit, installed) if kind not in without]

    def _start(
        self,
        unit: Unit,
        names: Collection[tuple[str, str]],
        placed: Placed,
        installed: Installed | None = None,
    ) -> list[Process]:
        """Start these (type, name); all specifications are made before the first process starts."""
        webs = sum(type_of(name) == f"{unit.name}-web" for name in placed.web_ports)
        specifications = []
        for kind, name in names:
            webs += kind == "web"
            pool = self._deployment.pool_setting(unit, webs, placed.counts) if kind == "web" else {}
            version = installed or placed.installed[unit.name]
            specifications.append(self._specification(unit, kind, name, version, pool))
        return [self._supervisor.start(spec) for spec in specifications]

    def _specification(
        self, unit: Unit, kind: str, name: str, installed: Installed, pool: Mapping[str, str]
    ) -> ProcessSpec:
        """Return how to start one process of a unit by its Procfile."""
        command = read_procfile(installed.files(unit.folder))[kind]
        environment = self._environment(unit, installed)
        ready = readiness.survives()
        if kind == "web":
            port = free_port()
            environment |= {**pool, "PORT": str(port)}
            ready = readiness.responds_ok(f"http://127.0.0.1:{port}/readyz")
        elif "celery" in shlex.split(command):
            environment["CELERY_WORKER_HOSTNAME"] = f"{name}@%h"
            ready = readiness.consumes(environment["BROKER_URL"], is_gated=self._broker_is_gated)
        if is_observed(environment):
            environment[METRICS_PORT] = str(free_port())
        specification = ProcessSpec(
            name=name,
            unit=unit.name,
            role="unit",
            command=("/bin/sh", "-c", f"exec {command}"),
            directory=installed.files(unit.folder),
            environment=environment,
            ready=ready,
            ready_seconds=READY_SECONDS,
            cores=self._deployment.cores,
        )
        beside = self._apart.get(f"{unit.name}-{kind}")
        return specification if beside is None else run_apart(specification, beside)

    def _environment(self, unit: Unit, installed: Installed) -> dict[str, str]:
        path = f"{installed.executables}:{os.environ.get('PATH', '/usr/bin:/bin')}"
        return {"PATH": path} | self._deployment.environment(unit)


def serve(placed: Placed, processes: Iterable[Process]) -> None:
    """Record the ports of the web processes among `processes` for the edge's upstreams."""
    placed.web_ports |= ports(processes)


def withdraw(placed: Placed, names: Iterable[str]) -> frozenset[int]:
    """Remove processes from the edge's upstreams; return the ports of the web processes."""
    return frozenset(placed.web_ports.pop(name) for name in names if name in placed.web_ports)


def ports(processes: Iterable[Process]) -> dict[str, int]:
    """Return the ports, by name, of the web processes among some that were started here."""
    found = {it.name: it.spec.environment.get("PORT") for it in processes}
    return {name: int(port) for name, port in found.items() if port is not None}


def kinds(unit: Unit, installed: Installed) -> list[str]:
    """Return the process types in the Procfile of a version of a unit."""
    return [kind for kind in read_procfile(installed.files(unit.folder)) if kind != RELEASE]


def type_of(name: str) -> str:
    """Return the type (`monolith-web`) of a process name (`monolith-web-2`)."""
    return name.rpartition("-")[0]


def free_names(process_type: str, count: int, *, taken: Collection[str]) -> list[str]:
    """Return the first `count` process names of a type that aren't `taken`."""
    found: list[str] = []
    number = 1
    while len(found) < count:
        name = f"{process_type}-{number}"
        if name not in taken:
            found.append(name)
        number += 1
    return found
