"""Deploy an architecture on Kubernetes for a measurement: on a budget of cores, with its logs."""

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes.deployment import deploy, require_place
from benchmarks.targets.measured_target import EngineBudget, MeasuredTarget

PODS = "kubepods"  # the control group of all pods of a node


def require_measurable(arch: str, *, context: str, overlay: str) -> None:
    """Raise EngineError where `deploy_measured` can't begin, before anything is deployed.

    Root alone may read the pods' memory, and set the cores of the pods and the engine.
    """
    require_place(arch, context=context, overlay=overlay)
    if os.geteuid() != 0:
        message = "What runs on Kubernetes is measured by root alone: run this as root."
        raise EngineError(message)


def deploy_measured(
    arch: str,
    *,
    context: str,
    overlay: str,
    run_dir: Path,
    cores: Iterable[int] | None = None,
    settings: Mapping[str, str] | None = None,
    autoscaled: Mapping[str, int] | None = None,
    least: int = 1,
) -> MeasuredTarget:
    """Deploy an architecture; all pods of this machine and the engine share the cores meanwhile.

    It needs a cluster of one node, which is this machine. `settings`, `autoscaled` and `least` are
    those of `deploy`; without `autoscaled` each process type keeps one pod. Raises EngineError.
    """
    with ExitStack() as stack:
        budget = EngineBudget(cores, PODS)
        stack.callback(budget.give_back)
        engine = deploy(
            arch,
            context=context,
            overlay=overlay,
            settings=settings,
            autoscaled=autoscaled or {},
            least=least,
        )
        stack.callback(engine.stop)
        target = MeasuredTarget(engine, run_dir, budget)
        stack.pop_all()  # from here on the target does both
    return target
