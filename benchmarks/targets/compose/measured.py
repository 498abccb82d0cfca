"""Deploy an architecture with Docker Compose for a measurement: on a budget of cores."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.targets.compose.deployment import deploy
from benchmarks.targets.measured_target import EngineBudget, MeasuredTarget


def deploy_measured(
    arch: str,
    *,
    run_dir: Path,
    edge_port: int | None = None,
    cores: Iterable[int] | None = None,
    settings: Mapping[str, str] | None = None,
    build: bool = True,
) -> MeasuredTarget:
    """Deploy an architecture; its containers and the engine share the cores meanwhile.

    `build` is that of `deploy`. Raises EngineError.
    """
    budget = EngineBudget(cores, "")
    try:
        engine = deploy(
            arch,
            run_dir=run_dir,
            edge_port=edge_port,
            cores=cores,
            settings=settings,
            build=build,
        )
        return MeasuredTarget(engine, run_dir, budget)
    except BaseException:
        budget.give_back()
        raise
