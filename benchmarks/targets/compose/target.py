"""A target that Docker Compose runs: release, undo, scale, kill, stall, restart, count.

`deployment.deploy` creates one.
"""

import os
import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from benchmarks.ports import FIXED
from benchmarks.targets.architectures import Architecture, unit_names
from benchmarks.targets.compose.compose_command import Compose
from benchmarks.targets.compose.container import Container
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.removal import interrupts_deferred, remove_project
from benchmarks.targets.compose.replicas import Replicas
from benchmarks.targets.compose.rollout import Rollout
from benchmarks.targets.compose.services import IMAGES, Services, tag_variable
from benchmarks.targets.compose.settings import FOLDER, password_variable
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure.containers import Container as Measured
from benchmarks.targets.measure.inventory import Counts, Inventory, take_inventory
from benchmarks.targets.rolling_release import Canary, Release

ROLLOUT_SECONDS = 300.0
_RESTART_SECONDS = 120.0
LOGS = "logs"  # below the folder of the run
_PROC = Path("/proc")


class ComposeTarget:
    """An architecture as a Compose project of its own.

    Process types are `<unit>-<type>`, processes `<unit>-<type>-<n>`; a process is a container.
    The edge and the backing services have one each: edge, postgres, valkey, s3, dynamodb. The
    engine restarts what ends.
    """

    def __init__(
        self,
        architecture: Architecture,
        engine: Engine,
        compose: Compose,
        *,
        services: Services,
        variables: Mapping[str, str],
        run_dir: Path,
    ) -> None:
        self.architecture = architecture
        self.arch = architecture.name
        self.run_dir = run_dir
        self._engine = engine
        self._compose = compose
        self._services = services
        self._variables = variables
        self._replicas = Replicas(engine, compose, run_dir / LOGS)
        self._rollout = Rollout(engine, compose, services, self._replicas)
        self._tags = {it: variables[tag_variable(it)] for it in unit_names(architecture)}
        # By unit: its tag before its newest release
        self._former: dict[str, str] = {}

    @property
    def base_url(self) -> str:
        """Return the URL of the edge, without a path."""
        return f"http://127.0.0.1:{self._variables[FIXED[self.arch].variable]}"

    def process_types(self, unit: str) -> list[str]:
        """Return the names of a unit's process types."""
        return [it.name for it in self._services.processes(unit)]

    def containers(self, process: str) -> list[tuple[str, int]]:
        """Return id and main process of each container that is ready, the oldest first.

        `process` is a process or a type; EngineError if there is none of the name.
        """
        return [(it.id, it.pid) for it in self._find(process) if it.is_ready]

    def ready(self, process: str) -> int:
        """Return how many containers of a process type are ready."""
        return len(self.containers(process))

    def running_containers(self) -> list[Measured]:
        """Return every container that runs, by the names that processes have elsewhere."""
        found = [it for it in self._engine.containers() if it.pid]
        return [self._services.measured(it, self._name(it)) for it in found]

    def logs(self, process: str) -> str:
        """Return the log of all containers of a process, or of a process type."""
        return "".join(self._engine.log(it) for it in self._find(process))

    def images(self, unit: str) -> set[str]:
        """Return the ids of the container images of a unit's containers."""
        services = [it.name for it in self._services.processes(unit)]
        return {found.image for name in services for found in self._engine.containers(name)}

    def release(
        self,
        unit: str,
        tag: str,
        timeout_seconds: float = ROLLOUT_SECONDS,
        *,
        canary: Canary | None = None,
    ) -> Release:
        """Bring another version of a unit into service: its release, a canary, its processes.

        NotReadyError if a container doesn't become ready, WrongResponseError for what the canary
        finds; then the former version serves.
        """
        self._rollout.require_images(unit, tag)
        began = time.monotonic()
        self._former[unit] = self._tags[unit]
        tags = self._tags | {unit: tag}
        self._rollout.prepare(unit, tags)
        rolled = self._rollout.roll(unit, tags, timeout_seconds, canary)
        self._tags = tags
        seconds = time.monotonic() - began
        return Release(unit, tag, seconds, rolled.started, interrupted=rolled.edge_replaced)

    def undo(self, unit: str, timeout_seconds: float = ROLLOUT_SECONDS) -> float:
        """Return a unit's processes to before its newest release; return the seconds that took.

        A release that failed has changed no process, so none is changed then. Migrations aren't
        undone: they suit both versions. EngineError if the unit wasn't released.
        """
        if unit not in self._former:
            message = f"{unit} wasn't released since the deployment, so there is nothing to undo."
            raise EngineError(message)
        began = time.monotonic()
        tags = self._tags | {unit: self._former[unit]}
        self._rollout.roll(unit, tags, timeout_seconds)
        self._tags = tags
        return time.monotonic() - began

    def scale(self, process: str, count: int) -> float:
        """Bring a process type to `count` containers; return the seconds until they were ready.

        The newest are removed, and finish their work first. ValueError below one. EngineError for
        what there can be one of: the edge, which has a port of the machine, and what no unit owns.
        """
        if count < 1:
            message = "scale to one container or more"
            raise ValueError(message)
        service = self._services.of_process(process)
        if not service.unit or service == self._services.edge:
            message = f"{process} can't be scaled: there is one of it."
            raise EngineError(message)
        began = time.monotonic()
        running = self._engine.containers(service.name)
        missing = count - len(running)
        if missing > 0:
            variables = {tag_variable(unit): tag for unit, tag in self._tags.items()}
            fresh = self._replicas.create(service, missing, variables)
            self._replicas.wait([it.id for it in fresh], ROLLOUT_SECONDS)
            self._replicas.admit(service, fresh)
        seconds = time.monotonic() - began
        self._replicas.retire(service, running[count:])
        return seconds

    def kill(self, process: str) -> None:
        """Kill the containers of a process or a type at once; the engine restarts them.

        The engine doesn't restart what `docker kill` ends. So it is started by order where this
        command can't reach the process itself.
        """
        for container in self._find(process):
            if not _kill(container):
                self._engine.run("kill", "--signal=KILL", container.id)
                self._engine.run("start", container.id)

    def stall(self, process: str) -> None:
        """Stop the containers of a process or a type where they are; see `resume`."""
        for container in self._find(process):
            self._engine.run("pause", container.id)

    def resume(self, process: str) -> None:
        """Let stalled containers go on."""
        for container in self._find(process):
            self._engine.run("unpause", container.id)

    def restart(self, process: str) -> float:
        """Restart a backing service or a process; return the seconds until it was ready."""
        began = time.monotonic()
        seconds = self._services.of_process(process).grace_seconds
        ids = [it.id for it in self._find(process)]
        limit = seconds + _RESTART_SECONDS
        self._engine.run("restart", "-t", str(seconds), *ids, timeout_seconds=limit)
        self._replicas.wait(ids, ROLLOUT_SECONDS)
        return time.monotonic() - began

    def stop_image_server(self) -> None:
        """End the server of the conformance suite's images, which no load requests. EngineError."""
        ids = [it.id for it in self._engine.containers(IMAGES)]
        self._engine.run("stop", "-t", "0", *ids)

    def store_environment(self) -> dict[str, str]:
        """Return the settings with which the database and the object store can be read.

        The addresses are those of the containers, which this machine reaches.
        """
        owner, writer = self.architecture.database_unit, self.architecture.recognizing_unit
        images = self._services.all[f"{owner}-web"].environment["IMAGE_BUCKET"]
        results = self._services.all[f"{writer}-worker"].environment
        password = self._variables[password_variable(owner)]
        database = f"{self._address('postgres')}:5432"
        return {
            "DATABASE_URL": f"postgresql://{owner}:{password}@{database}/{owner}",
            "AWS_ENDPOINT_URL_S3": f"http://{self._address('s3')}:8333",
            "AWS_REGION": results["AWS_REGION"],
            "AWS_ACCESS_KEY_ID": self._variables["AWS_ACCESS_KEY_ID"],
            "AWS_SECRET_ACCESS_KEY": self._variables["AWS_SECRET_ACCESS_KEY"],
            "IMAGE_BUCKET": images,
            "RESULT_BUCKET": results["RESULT_BUCKET"],
        }

    def broker_url(self) -> str:
        """Return the address of the broker, as this machine reaches it."""
        owner = self._services.all[f"{self.architecture.database_unit}-web"]
        return owner.environment["BROKER_URL"].replace("//valkey:", f"//{self._address('valkey')}:")

    def statistics_url(self) -> str:
        """Return the address of the database from which the unit's statistics can be read."""
        password = self._variables["POSTGRES_PASSWORD"]
        return f"postgresql://postgres:{password}@{self._address('postgres')}:5432/postgres"

    def inventory(self, *, read_results: bool = False) -> Inventory:
        """Return all rows and objects; with `read_results`, the results' submissions too."""
        return take_inventory(self.store_environment(), read_results=read_results)

    def counts(self) -> Counts:
        """Return the numbers of rows and objects."""
        return self.inventory().counts()

    def wait_ready(self, timeout_seconds: float = ROLLOUT_SECONDS) -> None:
        """Wait until every container but those of releases is ready."""
        found = self._engine.containers()
        ids = [it.id for it in found if not self._services.all[it.service].is_release]
        self._replicas.wait(ids, timeout_seconds)

    def stop(self) -> None:
        """Remove the project with its volumes and secrets; the logs stay.

        Ctrl-C meanwhile has its effect at the end.
        """
        with interrupts_deferred():
            try:
                with suppress(EngineError):  # a log is worth less than the removal
                    for container in self._engine.containers():
                        self._replicas.keep_log(container)
                remove_project(self._engine, self._compose)
            finally:
                shutil.rmtree(self.run_dir / FOLDER, ignore_errors=True)

    def __enter__(self) -> "ComposeTarget":
        """Return the target; leaving the block stops it."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop the target."""
        self.stop()

    def _find(self, process: str) -> list[Container]:
        """Return the containers of a process, or of a type. EngineError if there is none."""
        service = self._services.of_process(process)
        found = self._engine.containers(service.name)
        named = [it for it in found if process in {service.name, self._name(it)}]
        if not named:
            message = f"There is no process {process!r} in the {self.arch} now."
            raise EngineError(message)
        return named

    def _name(self, container: Container) -> str:
        if container.service == self._services.edge.name:
            return "edge"
        is_of_unit = bool(self._services.all[container.service].unit)
        return f"{container.service}-{container.number}" if is_of_unit else container.service

    def _address(self, service: str) -> str:
        """Return the address of a backing service in the project's network."""
        (container,) = self._engine.containers(service)
        return container.addresses[self._replicas.network("default")]


def _kill(container: Container) -> bool:
    """Kill a container's main process; return False if it isn't one of this machine, or not ours.

    The engine may run in another machine, whose process ids mean something else here.
    """
    try:
        groups = (_PROC / str(container.pid) / "cgroup").read_text()
        if container.pid == 0 or container.id not in groups:
            return False
        os.kill(container.pid, signal.SIGKILL)
    except OSError:
        return False
    return True
