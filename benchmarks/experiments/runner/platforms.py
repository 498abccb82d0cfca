"""The platforms that an arm may run on beside local processes: container engines."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from benchmarks.experiments.runner.arms import COMPOSE, KUBERNETES, Arm
from benchmarks.experiments.runner.errors import DeploymentError, MachineError, UsageError
from benchmarks.targets.compose import measured as compose
from benchmarks.targets.errors import EngineError, NotReadyError
from benchmarks.targets.kubernetes import measured as kubernetes

PLATFORMS = (KUBERNETES, COMPOSE)
IMAGE_SERVER = "http://image-server:8079"  # as the containers reach it
_OVERLAY = "local"


def placed(platform: str, context: str, overlay: str) -> dict[str, str]:
    """Return where on a platform its targets are deployed. UsageError for what doesn't fit."""
    if platform not in PLATFORMS:
        known = " or ".join(PLATFORMS)
        raise UsageError(f"There is no TARGET={platform}: it is {known}, or none.")
    if platform == KUBERNETES:
        if not context:
            raise UsageError("Name a context of kubectl, as in CONTEXT=kind-trial.")
        return {"context": context, "overlay": overlay or _OVERLAY}
    if context or overlay:
        raise UsageError("CONTEXT and OVERLAY go with TARGET=kubernetes only.")
    return {}


def require_platforms(arms: Iterable[Arm]) -> None:
    """Raise MachineError where an arm's platform is missing, before any arm is deployed."""
    engines = {it.architecture: it for it in arms if it.platform}
    try:
        for architecture, arm in sorted(engines.items()):
            if arm.platform == COMPOSE:
                compose.require_measurable(architecture)
            else:
                kubernetes.require_measurable(
                    architecture, context=arm.place["context"], overlay=arm.place["overlay"]
                )
    except EngineError as error:
        raise MachineError(str(error)) from error


def deploy_on(
    arm: Arm,
    *,
    run_dir: Path,
    edge_port: int | None,
    cores: Iterable[int] | None,
    settings: Mapping[str, str],
) -> AbstractContextManager[Any]:
    """Deploy an arm on its platform, whole, with its backing services. Raises as `deploy_arm`."""
    if arm.replicas or arm.stub_latency_ms is not None or arm.plant or arm.apart:
        message = f"{arm.name}: {arm.platform} has no replicas, stubs or changed code here."
        raise MachineError(message)
    try:
        if arm.platform == COMPOSE:
            return compose.deploy_measured(
                arm.architecture,
                run_dir=run_dir,
                edge_port=edge_port,
                cores=cores,
                settings=settings,
                build=cores is None,  # the conformance suite comes first
            )
        return kubernetes.deploy_measured(
            arm.architecture,
            context=arm.place["context"],
            overlay=arm.place["overlay"],
            run_dir=run_dir,
            cores=cores,
            settings=settings,
            autoscaled=arm.autoscaled,
            least=arm.least,
        )
    except NotReadyError as error:
        raise DeploymentError(str(error)) from error
    except EngineError as error:
        raise MachineError(str(error)) from error
