"""Deploy an architecture on Kubernetes for a measurement: on a budget of cores, with its logs."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.targets.kubernetes.deployment import deploy
from benchmarks.targets.measured_target import EngineBudget, MeasuredTarget

PODS = "kubepods"  # the control group of all pods of a node


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
