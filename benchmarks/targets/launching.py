"""Starts the processes of the units, as their Procfiles tell."""

import shlex
from collections.abc import Collection, Mapping

from backing import Process, ProcessSpec
from backing.ports import free_port
from benchmarks.targets import readiness
from benchmarks.targets.architectures import Unit
from benchmarks.targets.procfile import RELEASE, read_procfile
from benchmarks.targets.settings import Deployment

READY_SECONDS = 60.0


class Launcher:
    """Knows how many processes of each type there are, and the ports of the web processes."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._supervisor = deployment.supervisor
        self._web_ports: dict[str, int] = {}
        self._counts: dict[str, int] = {}

    def upstreams(self) -> dict[str, str]:
        """The edge's variables: the addresses of each unit's web processes."""
        found = {}
        for unit in self._deployment.architecture.units:
            if unit.upstreams is not None:
                names = sorted(
                    n for n in self._web_ports if n.rpartition("-")[0] == f"{unit.name}-web"
                )
                found[unit.upstreams] = " ".join(f"127.0.0.1:{self._web_ports[n]}" for n in names)
        return found

    def start_units(self, replicas: Mapping[str, int]) -> list[Process]:
        """Start every process of every unit, without waiting. ValueError as below."""
        self._counts = dict(replicas)
        return [
            self._supervisor.start(
                self._specification(unit, kind, f"{unit.name}-{kind}-{number}", self._counts)
            )
            for unit in self._deployment.architecture.units
            for kind in read_procfile(unit.folder)
            if kind != RELEASE
            for number in range(1, self._counts.get(f"{unit.name}-{kind}", 1) + 1)
        ]

    def start_more(self, process: str, count: int, *, running: Collection[str]) -> list[Process]:
        """Start, of `count` processes of a type, those that aren't running, without waiting.

        ValueError where there are too few database connections for so many; then none is started.
        """
        unit_name, _, kind = process.rpartition("-")
        unit = self._deployment.architecture.unit(unit_name)
        counts = {**self._counts, process: count}
        names = [f"{process}-{number}" for number in range(1, count + 1)]
        fresh = [
            self._specification(unit, kind, name, counts) for name in names if name not in running
        ]
        self._counts = counts
        return [self._supervisor.start(spec) for spec in fresh]

    def forget(self, names: Collection[str]) -> frozenset[int]:
        """Take processes out of the edge's variables; returns the ports of web processes."""
        return frozenset(self._web_ports.pop(name) for name in names if name in self._web_ports)

    def release(self, unit: Unit) -> Process | None:
        """Start the unit's release command (migrations, tables, buckets), if it has one."""
        command = read_procfile(unit.folder).get(RELEASE)
        if command is None:
            return None
        return self._supervisor.start(
            ProcessSpec(
                name=f"{unit.name}-{RELEASE}",
                unit=unit.name,
                role="unit",
                command=("/bin/sh", "-ec", command),
                directory=unit.folder,
                environment=self._deployment.environment(unit),
            )
        )

    def _specification(
        self, unit: Unit, kind: str, name: str, counts: Mapping[str, int]
    ) -> ProcessSpec:
        """How to start one process of a unit, by its Procfile, among so many of each type."""
        command = read_procfile(unit.folder)[kind]
        environment = self._deployment.environment(unit)
        ready = readiness.survives()
        if kind == "web":
            environment |= self._deployment.pool_setting(unit, name, counts)
            port = self._web_ports.setdefault(name, self._port(unit, name))
            environment["PORT"] = str(port)
            ready = readiness.answers(f"http://127.0.0.1:{port}/readyz")
        elif "celery" in shlex.split(command):
            environment["CELERY_WORKER_HOSTNAME"] = f"{name}@%h"
            ready = readiness.consumes(environment["BROKER_URL"])
        return ProcessSpec(
            name=name,
            unit=unit.name,
            role="unit",
            command=("/bin/sh", "-c", f"exec {command}"),
            directory=unit.folder,
            environment=environment,
            ready=ready,
            ready_seconds=READY_SECONDS,
            cores=self._deployment.cores,
        )

    def _port(self, unit: Unit, name: str) -> int:
        if name == f"{unit.name}-web-1":  # its siblings were told this one
            return self._deployment.first_web_ports[unit.name]
        return free_port()
