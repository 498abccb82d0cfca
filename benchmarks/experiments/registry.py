"""The experiments that there are, and how each is run and summed up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.experiments import (
    deploy,
    deploy_summary,
    deploy_sweeps,
    scaling,
    scaling_summary,
    scaling_sweeps,
)
from benchmarks.experiments.engine.arms import Sweep
from benchmarks.experiments.engine.errors import UsageError
from benchmarks.experiments.engine.reading import Trial


@dataclass(frozen=True, slots=True)
class Experiment:
    """One question: its sweeps by profile, and what it makes of their trials."""

    name: str
    sweeps: Callable[[str], tuple[Sweep, ...]]
    summarize: Callable[[Sequence[Sweep], Sequence[Trial]], dict[str, Any]]


EXPERIMENTS = {  # by name
    scaling.NAME: Experiment(scaling.NAME, scaling_sweeps.sweeps, scaling_summary.summarize),
    deploy.NAME: Experiment(deploy.NAME, deploy_sweeps.sweeps, deploy_summary.summarize),
}


def experiments_named(names: str) -> list[Experiment]:
    """Find experiments by their names, with commas between; UsageError names those there are."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in EXPERIMENTS]
    if unknown or not wanted:
        asked = f"There is no experiment {unknown[0]!r}" if unknown else "No experiment was named"
        raise UsageError(f"{asked}: there is {', '.join(EXPERIMENTS)}.")
    return [EXPERIMENTS[name] for name in wanted]
