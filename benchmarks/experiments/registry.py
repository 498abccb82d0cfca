"""The experiments that there are, and how each is run and summed up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from benchmarks.experiments import (
    contract,
    deploy,
    deploy_summary,
    deploy_sweeps,
    faults,
    isolation,
    scaling,
    scaling_summary,
    scaling_sweeps,
)
from benchmarks.experiments.contract import summary as contract_summary
from benchmarks.experiments.engine.arms import Sweep
from benchmarks.experiments.engine.errors import UsageError
from benchmarks.experiments.engine.protocols import MakeActor
from benchmarks.experiments.engine.reading import Trial
from benchmarks.experiments.faults import summary as faults_summary
from benchmarks.experiments.faults import sweeps as faults_sweeps
from benchmarks.experiments.isolation import summary as isolation_summary


@dataclass(frozen=True, slots=True)
class Experiment:
    """One question: its sweeps by profile, and what it makes of their trials.

    `actor` finds what is done to a target beside the load.
    """

    name: str
    sweeps: Callable[[str], tuple[Sweep, ...]]
    summarize: Callable[[Sequence[Sweep], Sequence[Trial]], dict[str, Any]]
    actor: Callable[[], MakeActor]


Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class OwnWay:
    """An experiment that loads nothing, so it has no trials: it runs in its own way.

    `run` takes the results folder, the profile's name, the seed, and what tells a person; it goes
    on with a folder that was begun, and returns what went wrong, in sentences.
    """

    name: str
    run: Callable[[Path, str, int, Say], list[str]]
    summarize: Callable[[Traversable], dict[str, Any]]


def _isolation(folder: Path, profile: str, seed: int, say: Say) -> list[str]:
    # Imported late: it opens the way to the parts, which a report needs none of.
    from benchmarks.experiments.isolation.session import run_in  # noqa: PLC0415

    return run_in(folder, profile, seed, say)


def _contract(folder: Path, profile: str, seed: int, say: Say) -> list[str]:
    from benchmarks.experiments.contract.session import run_in  # noqa: PLC0415 - as above

    return run_in(folder, profile, seed, say)


def _releasing() -> MakeActor:
    from benchmarks.experiments.releasing import make_actor  # noqa: PLC0415 - as above

    return make_actor


def _failing() -> MakeActor:
    from benchmarks.experiments.faults.run import Failing  # noqa: PLC0415 - as above

    return Failing


OWN_WAY = {
    isolation.NAME: OwnWay(isolation.NAME, _isolation, isolation_summary.summarize),
    contract.NAME: OwnWay(contract.NAME, _contract, contract_summary.summarize),
}
EXPERIMENTS = {  # by name
    scaling.NAME: Experiment(
        scaling.NAME, scaling_sweeps.sweeps, scaling_summary.summarize, _releasing
    ),
    deploy.NAME: Experiment(
        deploy.NAME, deploy_sweeps.sweeps, deploy_summary.summarize, _releasing
    ),
    faults.NAME: Experiment(faults.NAME, faults_sweeps.sweeps, faults_summary.summarize, _failing),
}


def experiments_named(names: str) -> list[Experiment]:
    """Find experiments by their names, with commas between; UsageError names those there are."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in EXPERIMENTS]
    if unknown or not wanted:
        asked = f"There is no experiment {unknown[0]!r}" if unknown else "No experiment was named"
        raise UsageError(f"{asked}: there is {', '.join((*EXPERIMENTS, *OWN_WAY))}.")
    return [EXPERIMENTS[name] for name in wanted]
