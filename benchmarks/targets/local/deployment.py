"""Deploy an architecture as local processes: backing services, releases, units, edge."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from backing import ON_DEMAND, SERVICE_NAMES, Backing, PlatformError, Supervisor
from backing.ports import is_free
from backing.state import read_state
from benchmarks.ports import FIXED
from benchmarks.targets.architectures import (
    ARCHITECTURES,
    REPOSITORY,
    Architecture,
    unit_names,
)
from benchmarks.targets.git import committed_tree
from benchmarks.targets.injection.disk import Mounts, SmallDisk
from benchmarks.targets.local.companions import Companion, join_settings
from benchmarks.targets.local.edge import Edge, url
from benchmarks.targets.local.function import CONCURRENCY, needed_packages, register
from benchmarks.targets.local.gates import Gate
from benchmarks.targets.local.launcher import Launcher
from benchmarks.targets.local.placement import Installed, Placed, Placement
from benchmarks.targets.local.procfile import RELEASE, read_procfile
from benchmarks.targets.local.settings import Deployment, environments_folder
from benchmarks.targets.local.target import Target
from benchmarks.targets.measure.backing_statistics import log_statements
from benchmarks.targets.measure.inventory import warm_buckets

# Process types that aren't replicated: a sweeper does the same work beside ten workers as beside
# one, and several would only repeat it.
SINGLETONS = frozenset({"sweeper"})


def deploy(
    arch: str | Architecture,
    *,
    run_dir: Path,
    edge_port: int | None = None,
    settings: Mapping[str, str] | None = None,
    cores: Iterable[int] | None = None,
    replicas: Mapping[str, int] | None = None,
    companions: Sequence[Companion] = (),
    companion_cores: Iterable[int] | None = None,
    database_connections: int | None = None,
    count_statements: bool = False,
    gates: Mapping[str, Gate] | None = None,
    disks: Mapping[str, SmallDisk] | None = None,
    apart: Mapping[str, Iterable[int]] | None = None,
    function_concurrency: int = CONCURRENCY,
) -> Target:
    """Start an architecture with empty stores and return it when it is ready (about 8 s).

    `settings` are environment variables for every unit; `cores` pins all of its processes;
    `replicas` maps process types (`monolith-worker`) to how many to start, one by default.
    `companions` run on `companion_cores`; None: on the cores of this process.
    `database_connections` is how many the unit that has a database may hold in all its processes;
    None: each process has its default pool size. `count_statements` enables the counter of that
    name, at about 10 microseconds of PostgreSQL's CPU for each statement. `gates` stand between the
    units and a backing service (postgres, valkey, s3, dynamodb, or a companion's recognizer); the
    target closes them when it stops. `disks` hold the data of backing services until the stop.
    With RECOGNITION=lambda in the settings a function on the emulator of AWS Lambda makes the
    attempts, and no worker is started; `function_concurrency` is the most of its environments.
    `apart` maps process types, and `lambda`, which is the function with its emulator, to cores of
    their own, where all other work goes first.
    Raises StartError, PlatformError, KeyError (unknown name), ValueError (settings that contradict
    a companion's, too few connections) and Unprivileged (this machine allows no such disk), and
    then leaves nothing running.
    """
    architecture = find_architecture(arch)
    port = architecture.edge_port if edge_port is None else edge_port
    _known_types(architecture, {*(replicas or {}), *(apart or {})} - {*ON_DEMAND})
    if not is_free(port):
        message = f"Port {port} of 127.0.0.1 is taken: end the process that listens there first"
        if edge_port is None and architecture.name in FIXED:
            message += f", or set {FIXED[architecture.name].variable} to another"
        message += "."
        raise PlatformError(message)
    clear(run_dir)
    supervisor = Supervisor(run_dir)
    pinned = None if cores is None else frozenset(cores)
    beside = {name: frozenset(found) for name, found in (apart or {}).items()}
    mounts = Mounts(supervisor.run_dir / "data")
    try:
        mounts.mount(disks or {})
        unit_settings = start_companions(
            companions, supervisor, architecture, settings=settings or {}, cores=companion_cores
        )
        companions_started = list(supervisor.processes.values())
        databases = [unit.name for unit in architecture.units if "postgres" in unit.needs]
        packages = needed_packages(architecture, unit_settings, environments_folder())
        services = (*SERVICE_NAMES, *(ON_DEMAND if packages else ()))
        backing = Backing.start(
            supervisor, services=services, databases=databases, cores=pinned, apart=beside
        )
        if count_statements:
            log_statements(backing.database_url("postgres"), databases)
        deployment = Deployment(
            architecture,
            supervisor,
            backing,
            settings=unit_settings,
            cores=pinned,
            database_connections=database_connections,
            count_statements=count_statements,
            gates=gates,
            apart=beside,
            function_concurrency=function_concurrency,
        )
        edge = Edge(supervisor, architecture, cores=pinned)
        placement = Placement(supervisor.run_dir)
        with placement.changing() as placed:
            _place(placed, deployment)
            edge.prepare(placed, port=port, internal_port=deployment.internal_port)
        launcher = Launcher(
            deployment, placement, broker_is_gated="valkey" in (gates or {}), apart=beside
        )
        _release(launcher, deployment, placed)
        if any("s3" in unit.needs for unit in architecture.units):
            warm_buckets(deployment.store_environment())
        for name, folder in packages.items():
            unit = architecture.unit(name)
            register(
                unit,
                placed.installed[name],
                environment=deployment.function_environment(unit),
                packages=folder,
                run_dir=supervisor.run_dir,
                concurrency=function_concurrency,
            )
        started = launcher.start_units(replicas or {})
        placed = placement.read()
        around = edge.start(launcher.upstreams(placed), placed)
        supervisor.wait_ready(*companions_started, *started)
        supervisor.wait_ready(*around)
    except BaseException:
        supervisor.stop_all()
        mounts.unmount()
        Placement(run_dir).remove()
        raise
    supervisor.facts = {"architecture": architecture.name, "base_url": url(placed)}
    supervisor.save()
    return Target(deployment, launcher, edge, placement, mounts)


def uniform_replicas(arch: str | Architecture, count: int) -> dict[str, int]:
    """Return `replicas` that start every process type `count` times, except the singletons."""
    return {
        name: count for name in _types(find_architecture(arch)) if _kind(name) not in SINGLETONS
    }


def find_architecture(arch: str | Architecture) -> Architecture:
    """Return the architecture of this name. PlatformError if there is none."""
    if isinstance(arch, Architecture):
        return arch
    if arch not in ARCHITECTURES:
        message = f"There is no architecture {arch!r}: it is one of {', '.join(ARCHITECTURES)}."
        raise PlatformError(message)
    return ARCHITECTURES[arch]


def start_companions(
    companions: Iterable[Companion],
    supervisor: Supervisor,
    architecture: Architecture,
    *,
    settings: Mapping[str, str],
    cores: Iterable[int] | None,
) -> dict[str, str]:
    """Start the companions without waiting; return `settings` with theirs added.

    ValueError if they contradict each other.
    """
    joined = dict(settings)
    for companion in companions:
        own = companion.start(supervisor, architecture, None if cores is None else frozenset(cores))
        joined = join_settings(joined, own)
    return joined


def clear(run_dir: Path) -> None:
    """Remove the data and logs of an earlier run; PlatformError while its processes live."""
    state = read_state(run_dir)
    if state is not None and state.alive:
        message = f"{run_dir} belongs to a running target: `make down` ends it."
        raise PlatformError(message)
    for name in ("data", "logs"):
        shutil.rmtree(run_dir / name, ignore_errors=True)
    Placement(run_dir).remove()


def _types(architecture: Architecture) -> list[str]:
    return [
        f"{unit.name}-{kind}"
        for unit in architecture.units
        for kind in read_procfile(unit.folder)
        if kind != RELEASE
    ]


def _kind(name: str) -> str:
    return name.rpartition("-")[2]


def _known_types(architecture: Architecture, names: Iterable[str]) -> None:
    known = _types(architecture)
    for name in names:
        if name not in known:
            message = f"no process type {name}; there are {', '.join(known)}"
            raise KeyError(message)


def _place(placed: Placed, deployment: Deployment) -> None:
    """Record the deployed version, which is the working tree, and the units' settings."""
    architecture = deployment.architecture
    placed.architecture = architecture.name
    placed.environments = {unit.name: deployment.environment(unit) for unit in architecture.units}
    placed.cores = None if deployment.cores is None else sorted(deployment.cores)
    commit, since = committed_tree(), datetime.now(UTC).isoformat(timespec="seconds")
    for name in unit_names(architecture):
        executables = environments_folder() / name / "bin"
        placed.installed[name] = Installed(
            REPOSITORY, executables, "working tree", commit, since=since
        )


def _release(launcher: Launcher, deployment: Deployment, placed: Placed) -> None:
    """Run the release commands of all units at once; StartError if one fails."""
    started = [
        launcher.start_release(unit, placed.installed[unit.name])
        for unit in deployment.architecture.units
    ]
    for process in started:
        if process is not None:
            launcher.end_release(process)
