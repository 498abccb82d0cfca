"""Deploy an architecture with Docker Compose for a measurement: on a budget of cores."""

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.targets.compose.deployment import deploy, require_engine
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measured_target import EngineBudget, MeasuredTarget


def require_measurable(arch: str) -> None:
    """Raise EngineError where `deploy_measured` can't succeed, before anything is deployed.

    Root alone may read the containers' memory, and set the cores of the engine.
    """
    require_engine(arch)
    if os.geteuid() != 0:
        message = "What runs on Docker Compose is measured by root alone: run this as root."
        raise EngineError(message)


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

    With `cores` the conformance suite's image server is stopped, as there is none beside local
    processes. `build` is that of `deploy`. Raises EngineError.
    """
    with ExitStack() as stack:
        budget = EngineBudget(cores, "")
        stack.callback(budget.give_back)
        engine = deploy(
            arch,
            run_dir=run_dir,
            edge_port=edge_port,
            cores=cores,
            settings=settings,
            build=build,
        )
        stack.callback(engine.stop)
        if cores is not None:
            # Its probes alone are some per cent of a core, and in no figure of the target
            engine.stop_image_server()
        target = MeasuredTarget(engine, run_dir, budget)
        stack.pop_all()  # from here on the target does both
    return target
