"""Finds a target that `make up` left running, so that another command can release into it."""

from collections.abc import Mapping
from pathlib import Path

from backing import Supervisor
from backing.state import adopt, read_state
from benchmarks.targets.architectures import Architecture, Unit, unit_names
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.local.edge import Edge
from benchmarks.targets.local.launcher import Launcher
from benchmarks.targets.local.placement import Placement
from benchmarks.targets.releases.rollout import Releaser


class _Recorded:
    """A deployment as the placement has it; a `launcher.Told`."""

    def __init__(
        self, architecture: Architecture, supervisor: Supervisor, placement: Placement
    ) -> None:
        placed = placement.read()
        self.architecture = architecture
        self.supervisor = supervisor
        self.cores = None if placed.cores is None else frozenset(placed.cores)
        self._environments = placed.environments

    def environment(self, unit: Unit) -> dict[str, str]:
        """What the unit was told when the target was deployed."""
        return dict(self._environments[unit.name])

    def pool_setting(
        self,
        unit: Unit,  # noqa: ARG002 - a Told's signature
        number: int,  # noqa: ARG002
        counts: Mapping[str, int],  # noqa: ARG002
    ) -> dict[str, str]:
        """Nothing: `make up` keeps no total of database connections."""
        return {}


def attach(architecture: Architecture, run_dir: Path) -> Releaser:
    """What releases into the target of a run. ReleaseError where none is up."""
    state = read_state(run_dir)
    if state is None or not state.alive:
        message = f"{architecture.name} isn't up: `make up ARCH={architecture.name}` starts it."
        raise ReleaseError(message)
    supervisor = adopt(state)
    placement = Placement(run_dir)
    deployment = _Recorded(architecture, supervisor, placement)
    edge = Edge(supervisor, architecture, cores=deployment.cores)
    launcher = Launcher(deployment, placement)
    return Releaser(architecture, supervisor, launcher, edge, placement)


def running(architecture: Architecture, run_dir: Path) -> dict[str, str]:
    """The commit of each unit of which a process lives; empty where no commit is what runs.

    ReleaseError where the target isn't up.
    """
    state = read_state(run_dir)
    if state is None or not state.alive:
        message = f"{architecture.name} isn't up: `make up ARCH={architecture.name}` starts it."
        raise ReleaseError(message)
    alive = {process.unit for process in state.processes if process.alive}
    installed = Placement(run_dir).read().installed
    return {name: installed[name].commit for name in unit_names(architecture) if name in alive}
