"""Find a target that `make up` left running, so that another command can release into it."""

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
    """The recorded deployment of a running target; a `launcher.DeploymentInfo`."""

    def __init__(
        self, architecture: Architecture, supervisor: Supervisor, placement: Placement
    ) -> None:
        placed = placement.read()
        self.architecture = architecture
        self.supervisor = supervisor
        self.cores = None if placed.cores is None else frozenset(placed.cores)
        self._environments = placed.environments

    def environment(self, unit: Unit) -> dict[str, str]:
        """Return the unit's environment as recorded at the deployment."""
        return dict(self._environments[unit.name])

    def pool_setting(
        self,
        unit: Unit,  # noqa: ARG002 - the protocol's signature
        number: int,  # noqa: ARG002
        counts: Mapping[str, int],  # noqa: ARG002
    ) -> dict[str, str]:
        """Return no setting: `make up` has no limit of database connections."""
        return {}


def attach(architecture: Architecture, run_dir: Path) -> Releaser:
    """Return a releaser for the target of a run. ReleaseError if none is running."""
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
    """Return the commit of each unit that has a living process; "" for an uncommitted version.

    ReleaseError if the target isn't running.
    """
    state = read_state(run_dir)
    if state is None or not state.alive:
        message = f"{architecture.name} isn't up: `make up ARCH={architecture.name}` starts it."
        raise ReleaseError(message)
    alive = {process.unit for process in state.processes if process.alive}
    installed = Placement(run_dir).read().installed
    return {name: installed[name].commit for name in unit_names(architecture) if name in alive}
