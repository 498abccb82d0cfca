"""Deploy an arm: an architecture, the floor, or a target that is deployed already."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from backing import BackingError, PlatformError
from backing.ports import free_port
from benchmarks.experiments.runner.arms import FLOOR, Arm
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.errors import DeploymentError, MachineError
from benchmarks.experiments.runner.external_target import ExternalTarget
from benchmarks.experiments.runner.platforms import deploy_on
from benchmarks.repository import REPOSITORY
from benchmarks.targets import ClarifaiStub, deploy
from benchmarks.targets.floor.target import deploy_floor
from benchmarks.targets.local.function import CONCURRENCY

IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"
# All processes of an architecture together, whatever the replicas: enough for the most of them.
DATABASE_CONNECTIONS = 24
CONNECTIONS_PER_CORE = 4


def deploy_arm(
    arm: Arm,
    *,
    run_dir: Path,
    cores: Cores | None,
    edge_port: int | None = None,
    count_statements: bool = True,
) -> AbstractContextManager[Any]:
    """Deploy an arm with empty stores. Without cores (for conformance) it runs on any.

    The stub of Clarifai stands for an external service: it runs on the generator's core. Raises
    MachineError where this machine lacks something, a free port as well, and DeploymentError where
    a process doesn't become ready. Without an edge port it is the architecture's own.
    `count_statements` is whether PostgreSQL logs them, which takes some of its CPU; on a container
    engine it never does.
    """
    if arm.base_url:
        return ExternalTarget(arm.base_url, run_dir)
    try:
        return _deploy(arm, run_dir, cores, edge_port, count_statements=count_statements)
    except PlatformError as error:
        raise MachineError(str(error)) from error
    except BackingError as error:
        raise DeploymentError(str(error)) from error


def connections_on(cores: int) -> int:
    """Return how many database connections a target may hold: more cores have more processes."""
    return max(DATABASE_CONNECTIONS, CONNECTIONS_PER_CORE * cores)


def _deploy(
    arm: Arm,
    run_dir: Path,
    cores: Cores | None,
    edge_port: int | None,
    *,
    count_statements: bool,
) -> AbstractContextManager[Any]:
    target_cores = None if cores is None else cores.target
    if cores is None and edge_port is None:
        edge_port = free_port()  # conformance deploys several of one architecture
    settings = dict(arm.settings)
    if arm.plant:
        settings["PYTHONPATH"] = str(REPOSITORY / "benchmarks" / arm.plant)
    if arm.platform:
        return deploy_on(
            arm, run_dir=run_dir, edge_port=edge_port, cores=target_cores, settings=settings
        )
    if arm.architecture == FLOOR:
        return deploy_floor(run_dir=run_dir, settings=settings, cores=target_cores, image=IMAGE)
    stub = arm.stub_latency_ms
    return deploy(
        arm.architecture,
        run_dir=run_dir,
        edge_port=edge_port,
        settings=settings,
        cores=target_cores,
        replicas=dict(arm.replicas),
        companions=() if stub is None else (ClarifaiStub(latency_ms=stub),),
        companion_cores=None if cores is None else {cores.generator},
        database_connections=connections_on(1 if target_cores is None else len(target_cores)),
        count_statements=count_statements and cores is not None,
        apart={} if cores is None else {name: {cores.generator} for name in arm.apart},
        function_concurrency=arm.concurrency or CONCURRENCY,
    )
