"""Deploy an architecture with Docker Compose: secrets, images, containers."""

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from backing.ports import is_free
from benchmarks.ports import FIXED
from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.compose import images
from benchmarks.targets.compose.compose_command import Compose, find_compose
from benchmarks.targets.compose.engine import Engine
from benchmarks.targets.compose.services import Services
from benchmarks.targets.compose.settings import FOLDER, new_variables, write_override
from benchmarks.targets.compose.target import LOGS, ComposeTarget
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure.inventory import warm_buckets

START_SECONDS = 900.0
READY_SECONDS = 300.0


def deploy(
    arch: str,
    *,
    run_dir: Path,
    edge_port: int | None = None,
    cores: Iterable[int] | None = None,
    settings: Mapping[str, str] | None = None,
    build: bool = True,
) -> ComposeTarget:
    """Deploy an architecture as a Compose project of its own; return it when it is ready.

    `cores` are those of all containers, the backing services' too. `settings` are environment
    variables for every unit. Without `build` the images have to be there: `one-flow/<name>:local`.
    EngineError if there is no docker, no Compose or no daemon, if the project exists, the port is
    taken, or an image or a container doesn't come to be; then nothing of it is left.
    """
    architecture = ARCHITECTURES[arch]
    project = project_of(arch)
    port = architecture.edge_port if edge_port is None else edge_port
    engine = require_engine(arch)
    if not is_free(port):
        message = (
            f"Port {port} of 127.0.0.1 is taken: end the process that listens there first, or set"
            f" {FIXED[arch].variable} to another."
        )
        raise EngineError(message)
    services = Services(architecture)
    for earlier in (LOGS, FOLDER):
        shutil.rmtree(run_dir / earlier, ignore_errors=True)
    folder = run_dir / FOLDER
    variables = new_variables(architecture, folder=folder, edge_port=port, cores=cores)
    override = write_override(folder, services, settings or {})
    compose = Compose(
        project, profile=arch, variables=variables, folder=folder, overrides=[override]
    )
    target = ComposeTarget(
        architecture, engine, compose, services=services, variables=variables, run_dir=run_dir
    )
    try:
        if build:
            images.build(compose, services)
        images.require_built(engine, services)
        _start(engine, compose)
        target.wait_ready(READY_SECONDS)
        warm_buckets(target.store_environment())
    except BaseException:
        with contextlib.suppress(EngineError):  # the cause is worth more
            target.stop()
        raise
    return target


def project_of(arch: str) -> str:
    """Return the name of an architecture's project."""
    return f"one-flow-{arch}"


def require_engine(arch: str) -> Engine:
    """Return the engine for an architecture's project.

    EngineError if there is no docker, no Compose or no daemon, or if the project exists.
    """
    project = project_of(arch)
    engine = Engine(project)
    program = find_compose()
    engine.require_daemon()
    if engine.exists():
        message = (
            f"The Compose project {project!r} exists, and what is in it stays as it is."
            f" `{program.name} --profile {arch} -p {project} down -v` removes it."
        )
        raise EngineError(message)
    return engine


def _start(engine: Engine, compose: Compose) -> None:
    """Create and start all containers, in their order. EngineError on what keeps one from it.

    Compose itself waits until that is healthy, or done, which others depend on.
    """
    try:
        compose.run("up", "--detach", "--no-build", timeout_seconds=START_SECONDS)
    except EngineError as error:
        found = [it for it in engine.containers() if it.status != "created"]
        stuck = [it for it in found if not it.is_ready and not it.is_done]
        if not stuck:
            raise
        # One that has failed is the cause of others that wait.
        cause = next((it for it in stuck if it.has_failed or it.health == "unhealthy"), stuck[0])
        raise EngineError(engine.describe(cause)) from error
