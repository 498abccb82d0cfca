"""The experiments that there are. To add one: its package, and its name below."""

from importlib import import_module

from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.experiment import Experiment

# The packages beside this module; each has its EXPERIMENT in `run`.
NAMES = (
    "scaling",
    "deploy",
    "isolation",
    "contract",
    "faults",
)


def experiment_named(name: str) -> Experiment:
    """Find one experiment by its name. Raises UsageError for another name, or for several."""
    known = ", ".join(NAMES)
    wanted = [text.strip() for text in name.split(",") if text.strip()]
    unknown = [it for it in wanted if it not in NAMES]
    if unknown:
        raise UsageError(f"There is no experiment {unknown[0]!r}: there is {known}.")
    if not wanted:
        raise UsageError(f"No experiment is named: there is {known}.")
    if len(wanted) > 1:
        raise UsageError(
            f"One run has one experiment, and {', '.join(wanted)} are {len(wanted)}: "
            "start a run for each."
        )
    experiment: Experiment = import_module(f"{__package__}.{wanted[0]}.run").EXPERIMENT
    return experiment
