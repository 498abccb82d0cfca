"""A target made of local processes: deploys an architecture, scales, kills and samples it."""

import dataclasses
import shlex
import shutil
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backing import Backing, PlatformError, Process, ProcessSpec, Role, StartError, Supervisor
from backing.ports import free_port, is_free
from backing.state import read_state
from backing.usage import process_table
from benchmarks.targets import readiness
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY, Architecture, Unit
from benchmarks.targets.edge import Edge
from benchmarks.targets.inventory import Counts, Inventory, take_inventory, warm_buckets
from benchmarks.targets.procfile import RELEASE, read_procfile
from benchmarks.targets.settings import Deployment

RELEASE_SECONDS = 90.0
READY_SECONDS = 60.0


@dataclass(frozen=True)
class ProcessSample:
    """What one process, with everything below it, has used since the deployment."""

    process: str
    unit: str
    role: Role
    pid: int
    cpu_ms: float
    rss_bytes: int
    pss_bytes: int


class Target:
    """A deployed architecture. Process types are `<unit>-<type>`, processes `<unit>-<type>-<n>`.

    `kill` and `restart` take either name, `scale` takes the type's. Backing parts and the edge are
    processes too: postgres, valkey, s3, dynamodb, edge.
    """

    def __init__(self, architecture: Architecture, deployment: Deployment, edge: Edge) -> None:
        self.architecture = architecture
        self.arch = architecture.name
        self._deployment = deployment
        self._edge = edge
        self._supervisor = deployment.supervisor
        self._web_ports: dict[str, int] = {}
        self._scaling = threading.Lock()

    @property
    def base_url(self) -> str:
        """The edge's address."""
        return self._edge.url

    @property
    def run_dir(self) -> Path:
        """Where logs, data and state lie."""
        return self._supervisor.run_dir

    @property
    def supervisor(self) -> Supervisor:
        """The supervisor of the processes."""
        return self._supervisor

    @property
    def processes(self) -> tuple[Process, ...]:
        """All processes that should run now (one that was killed is still listed)."""
        return tuple(self._supervisor.processes.values())

    def find(self, name: str) -> tuple[Process, ...]:
        """The processes of this name or type; KeyError when there is none."""
        found = [p for p in self.processes if name in (p.name, p.name.rpartition("-")[0])]
        if not found:
            known = ", ".join(process.name for process in self.processes)
            message = f"no process {name}; there are {known}"
            raise KeyError(message)
        return tuple(found)

    def sample(self) -> list[ProcessSample]:
        """CPU time (ms, since the deployment) and memory now of every process."""
        table = process_table()
        samples = []
        for process in self.processes:
            used = process.usage(table)
            samples.append(
                ProcessSample(
                    process=process.name,
                    unit=process.spec.unit,
                    role=process.spec.role,
                    pid=process.pid,
                    cpu_ms=used.cpu_ms,
                    rss_bytes=used.rss_bytes,
                    pss_bytes=used.pss_bytes,
                )
            )
        return samples

    def kill(
        self, process: str, number: signal.Signals = signal.SIGKILL, *, descendants: bool = True
    ) -> None:
        """Send a signal to the processes of this name or type, with all below them."""
        for found in self.find(process):
            self._supervisor.kill(found, number, descendants=descendants)

    def kill_children(self, process: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to all below the processes of this name or type, but not to themselves."""
        for found in self.find(process):
            self._supervisor.kill_children(found, number)

    def restart(self, process: str) -> None:
        """Start the processes of this name or type anew (on the same port) and wait for them."""
        for found in self.find(process):
            self._supervisor.restart(found)

    def scale(self, process: str, count: int) -> None:
        """Bring a process type to `count` processes; the edge follows. ValueError below one."""
        if count < 1:
            message = "scale to one process or more"
            raise ValueError(message)
        with self._scaling:
            unit_name, _, kind = process.rpartition("-")
            unit = self.architecture.unit(unit_name)
            running = {found.name: found for found in self.find(process)}
            wanted = [f"{process}-{number}" for number in range(1, count + 1)]
            started = [
                self._supervisor.start(self.specification(unit, kind, name))
                for name in wanted
                if name not in running
            ]
            self._supervisor.wait_ready(*started)
            surplus = [found for name, found in running.items() if name not in wanted]
            for found in surplus:
                self._web_ports.pop(found.name, None)
            if kind == "web":
                self._edge.reload(self.upstreams())
            self._supervisor.stop(*surplus)

    def start_image_server(self, port: int) -> None:
        """Serve the fixtures and every bad behaviour of a web server on this port."""
        folder = REPOSITORY / "shared" / "conformance"
        command = (sys.executable, "image_server.py", "--host", "127.0.0.1", "--port", str(port))
        process = self._supervisor.start(
            ProcessSpec(
                name="image-server",
                unit="image-server",
                role="backing",
                command=command,
                directory=folder,
                ready=readiness.answers(f"http://127.0.0.1:{port}/status/200"),
            )
        )
        self._supervisor.wait_ready(process)

    def store_environment(self) -> dict[str, str]:
        """Settings with which the database and the object store can be looked into."""
        return self._deployment.store_environment()

    def inventory(self) -> Inventory:
        """Read all rows and list all objects."""
        return take_inventory(self.store_environment())

    def counts(self) -> Counts:
        """Count rows and objects."""
        return self.inventory().counts()

    def flush_broker(self) -> None:
        """Empty the broker and the cache, as a fault."""
        self._deployment.backing.flush_broker()

    def wait_ready(self, timeout_seconds: float = READY_SECONDS) -> None:
        """Wait until the edge answers /readyz with 200 and every process is ready."""
        waiting = [
            dataclasses.replace(p.spec, ready_seconds=timeout_seconds) for p in self.processes
        ]
        for process, spec in zip(self.processes, waiting, strict=True):
            process.spec = spec
        self._supervisor.wait_ready(*self.processes)

    def stop(self) -> None:
        """End all processes and throw the data away; the logs stay."""
        self._supervisor.stop_all()
        self._deployment.backing.remove_leftovers()
        shutil.rmtree(self.run_dir / "data", ignore_errors=True)

    def detach(self) -> None:
        """Let the processes outlive this command."""
        self._supervisor.detach()

    def __enter__(self) -> "Target":
        """Use as a context manager."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop the target."""
        self.stop()

    def upstreams(self) -> dict[str, str]:
        """The edge's variables: the addresses of each unit's web processes."""
        found = {}
        for unit in self.architecture.units:
            if unit.upstreams is not None:
                names = sorted(
                    n for n in self._web_ports if n.rpartition("-")[0] == f"{unit.name}-web"
                )
                found[unit.upstreams] = " ".join(f"127.0.0.1:{self._web_ports[n]}" for n in names)
        return found

    def specification(self, unit: Unit, kind: str, name: str) -> ProcessSpec:
        """How to start one process of a unit, by the unit's Procfile."""
        command = read_procfile(unit.folder)[kind]
        environment = self._deployment.environment(unit)
        ready = readiness.survives()
        if kind == "web":
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

    def start_units(self, replicas: Mapping[str, int]) -> list[Process]:
        """Start every process of every unit, without waiting."""
        started = []
        for unit in self.architecture.units:
            for kind in read_procfile(unit.folder):
                if kind == RELEASE:
                    continue
                count = replicas.get(f"{unit.name}-{kind}", 1)
                for number in range(1, count + 1):
                    name = f"{unit.name}-{kind}-{number}"
                    started.append(self._supervisor.start(self.specification(unit, kind, name)))
        return started


def deploy(
    arch: str | Architecture,
    *,
    run_dir: Path,
    edge_port: int | None = None,
    settings: Mapping[str, str] | None = None,
    cores: Iterable[int] | None = None,
    replicas: Mapping[str, int] | None = None,
) -> Target:
    """Stand up an architecture with empty stores and wait until it is ready (about 8 s).

    `settings` are environment variables for every unit; `cores` pins all of its processes;
    `replicas` maps process types (`monolith-worker`) to how many to start, one by default.
    Nothing is left behind when this raises: StartError, PlatformError, KeyError (unknown name).
    """
    architecture = _known(arch)
    port = architecture.edge_port if edge_port is None else edge_port
    if not is_free(port):
        message = f"Port {port} of 127.0.0.1 is taken: end what listens there first."
        raise PlatformError(message)
    _clear(run_dir)
    supervisor = Supervisor(run_dir)
    pinned = None if cores is None else frozenset(cores)
    try:
        databases = [unit.name for unit in architecture.units if "postgres" in unit.needs]
        backing = Backing.start(supervisor, databases=databases, cores=pinned)
        deployment = Deployment(architecture, supervisor, backing, dict(settings or {}), pinned)
        edge = Edge(supervisor, architecture.edge_folder, port=port, cores=pinned)
        target = Target(architecture, deployment, edge)
        _release(target)
        if any("s3" in unit.needs for unit in architecture.units):
            warm_buckets(deployment.store_environment())
        started = target.start_units(replicas or {})
        edge.start(target.upstreams())
        supervisor.wait_ready(*started)
        supervisor.wait_ready(edge.process)
    except BaseException:
        supervisor.stop_all()
        raise
    supervisor.facts = {"architecture": architecture.name, "base_url": target.base_url}
    supervisor.save()
    return target


def _known(arch: str | Architecture) -> Architecture:
    if isinstance(arch, Architecture):
        return arch
    if arch not in ARCHITECTURES:
        message = f"There is no architecture {arch!r}: it is one of {', '.join(ARCHITECTURES)}."
        raise PlatformError(message)
    return ARCHITECTURES[arch]


def _release(target: Target) -> None:
    releases = [target.release(unit) for unit in target.architecture.units]
    for process in releases:
        if process is None:
            continue
        status = target.supervisor.wait_end(process, timeout_seconds=RELEASE_SECONDS)
        if status != 0:
            lines = "\n".join(f"  | {line}" for line in process.last_lines())
            what = "did not end in time" if status is None else f"failed with status {status}"
            message = f"{process.name} {what}. Its log ({process.log}) ends with:\n{lines}"
            raise StartError(message)
        target.supervisor.stop(process)


def _clear(run_dir: Path) -> None:
    """Empty the folder of an earlier run; refuse while its processes live."""
    state = read_state(run_dir)
    if state is not None and state.alive:
        message = f"{run_dir} belongs to a target that is up: `make down` ends it."
        raise PlatformError(message)
    for name in ("data", "logs"):
        shutil.rmtree(run_dir / name, ignore_errors=True)
