"""An experiment that works through a catalogue of code changes: no load, no sweeps, no trials."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from rich.console import Console

from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.experiment import PlannedRun, RunOptions
from benchmarks.experiments.runner.profiles import profile_named
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import ExperimentResults

Report = Callable[[str], None]  # takes a line for the terminal
# (folder, profile, seed, report): run what the folder doesn't hold; return the problems
RunCatalogue = Callable[[Path, str, int, Report], list[str]]


@dataclass(frozen=True, slots=True)
class CatalogueExperiment:
    """Implements `Experiment`; `run_catalogue` goes on with a folder that was begun."""

    name: str
    title: str
    run_catalogue: RunCatalogue
    summary: Callable[[Traversable], ExperimentResults]
    has_trials: bool = False

    def plan(self, options: RunOptions) -> PlannedRun:
        """Plan a new run. Raises UsageError for options about load."""
        loads = (options.sweeps, options.target_a, options.target_b, options.api, options.rates)
        if any(loads):
            raise UsageError(f"{self.name} loads nothing: it has no SWEEPS, targets, API or RATES.")
        seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
        return _CatalogueRun(self, profile_named(options.profile).name, seed)

    def resume(self, folder: ResultsFolder, options: RunOptions) -> PlannedRun:  # noqa: ARG002
        """Plan the rest; the folder's own record has the profile and the seed."""
        record = folder.read_json("run.json")
        return _CatalogueRun(self, record["profile"], record["seed"])

    def summarize(self, folder: ResultsFolder) -> ExperimentResults:
        """Return the experiment's results."""
        return self.summary(folder.files)

    def is_conclusive(self, document: ResultsDocument) -> bool:  # noqa: ARG002
        """Return True: what went wrong are the problems that the run returns."""
        return True


@dataclass(frozen=True, slots=True)
class _CatalogueRun:
    experiment: CatalogueExperiment
    profile: str
    seed: int
    is_exclusive: bool = False
    announcement: str = ""

    def execute(self, folder: ResultsFolder, console: Console, run_dir: Path) -> list[str]:  # noqa: ARG002
        def report(line: str) -> None:
            console.print(line, highlight=False, markup=False, soft_wrap=True)

        return self.experiment.run_catalogue(folder.path, self.profile, self.seed, report)
