"""A target that a container engine runs, as the experiments measure targets.

What it adds to the engine's own target: samples of its containers and of the engine, the backing
services' counters, one budget of cores for all of it, and its logs in a folder.
"""

import os
import resource
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self

from benchmarks.targets.architectures import Architecture, unit_names
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure import containers
from benchmarks.targets.measure.cgroups import Cores
from benchmarks.targets.measure.containers import Container
from benchmarks.targets.measure.counters import Counters, Meter
from benchmarks.targets.measure.engine_processes import EngineProcesses
from benchmarks.targets.measure.inventory import Counts
from benchmarks.targets.measure.process_samples import ProcessSample


class EngineDeployment(Protocol):
    """What an engine's own target offers: `KubernetesTarget` and `ComposeTarget` are such."""

    @property
    def architecture(self) -> Architecture:
        """The architecture."""

    @property
    def base_url(self) -> str:
        """The URL of the edge, as this machine reaches it."""

    def running_containers(self) -> Sequence[Container]:
        """Return the containers that are ready; those of the images' server have no unit's role."""

    def process_types(self, unit: str) -> list[str]:
        """Return the names of a unit's process types."""

    def ready(self, process: str) -> int:
        """Return how many processes of a type are ready."""

    def scale(self, process: str, count: int) -> float:
        """Bring a process type to so many processes."""

    def logs(self, process: str) -> str:
        """Return the log of a process type."""

    def broker_url(self) -> str:
        """Return the address of the broker."""

    def statistics_url(self) -> str:
        """Return the address of the database from which the unit's statistics can be read."""

    def counts(self) -> Counts:
        """Return the numbers of rows and objects."""

    def stop(self) -> None:
        """Remove it."""


class EngineBudget:
    """The cores that a target's containers share with the engine that runs them.

    The engine has no core elsewhere, so that what it takes is taken from the target, as it would be
    on one machine of that size.
    """

    def __init__(self, cores: Iterable[int] | None, group: str) -> None:
        """Narrow to the cores, if there are any. `group` names the containers' control group.

        Without a group, the engine itself gives the containers their cores.
        EngineError if that can't be done.
        """
        self._stack = ExitStack()
        if cores is None:
            return
        wanted = frozenset(cores)
        with ExitStack() as stack:
            if group:
                narrowed = Cores(group)
                stack.callback(narrowed.give_back)
                narrowed.narrow(wanted)
            engine = EngineProcesses()
            stack.callback(engine.give_back)
            engine.narrow(wanted)
            self._stack = stack.pop_all()

    def give_back(self) -> None:
        """Let the engine and its containers run where they did before."""
        self._stack.close()


class MeasuredTarget:
    """A target of an engine; leaving the `with` block removes it and gives its cores back."""

    def __init__(self, engine: EngineDeployment, run_dir: Path, budget: EngineBudget) -> None:
        self.engine = engine
        self.run_dir = run_dir
        self._budget = budget
        self._containers = list(engine.running_containers())
        self._processes = EngineProcesses()
        self._meter = Meter(
            broker_url=engine.broker_url(),
            database_url=engine.statistics_url(),
            databases=(engine.architecture.database_unit,),
        )

    @property
    def base_url(self) -> str:
        """Return the URL of the edge."""
        return self.engine.base_url

    def sample(self) -> list[ProcessSample]:
        """Return CPU time and memory of every container, and of the engine as one process.

        A container's CPU time is that since it was started, the engine's that since its own start.
        """
        mine = [it for it in self._containers if it.role != "companion"]
        counted = containers.count_cpu(mine)  # first, since memory takes a tenth of a second
        engine = self._processes.sample()
        return [*containers.with_memory(counted), engine]

    def sample_companions(self) -> list[ProcessSample]:
        """Return what the engine's commands have used, the only ones that run beside the budget.

        They (docker, kubectl) are children of this process, on its core, and end within a window.
        A local target's own processes are such children too, so none of them is counted like this.
        """
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_ms = (used.ru_utime + used.ru_stime) * 1000
        return [ProcessSample("commands", "commands", "companion", os.getpid(), cpu_ms, 0, 0)]

    def ready(self, process: str) -> int:
        """Return how many processes of a type are ready."""
        return self.engine.ready(process)

    def refresh(self) -> None:
        """Find the containers that there are now, after some have come or gone."""
        self._containers = list(self.engine.running_containers())

    def counts(self) -> Counts:
        """Return the numbers of rows and objects."""
        return self.engine.counts()

    def counters(self) -> Counters:
        """Return what the backing services have counted. Never raises.

        Containers don't reach each other over the loopback, so its bytes aren't theirs.
        """
        return replace(self._meter.read(), loopback_bytes=None)

    def scale_all(self, counts: Mapping[str, int]) -> float:
        """Bring process types to so many processes; return the seconds until they were ready."""
        seconds = sum(self.engine.scale(process, count) for process, count in counts.items())
        self.refresh()
        return seconds

    def collect_logs(self) -> None:
        """Write the log of each process type into the folder; the error, where it can't be read.

        A trial is worth more than its logs, and so is the error or Ctrl-C that ended it.
        """
        folder = self.run_dir / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        for unit in unit_names(self.engine.architecture):
            for process in self.engine.process_types(unit):
                try:
                    text = self.engine.logs(process)
                except EngineError as error:
                    text = f"{error}\n"
                (folder / f"{process}.log").write_text(text, encoding="utf-8")

    def stop(self) -> None:
        """Remove the target, and give its cores back."""
        with ExitStack() as stack:
            stack.callback(self._budget.give_back)
            stack.callback(self.engine.stop)
            self._meter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Remove it."""
        self.stop()
