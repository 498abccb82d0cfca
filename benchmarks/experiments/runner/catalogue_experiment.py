"""An experiment that works through a catalogue of code changes: no load, no sweeps, no trials."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from rich.console import Console

from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.experiment import PlannedRun, RunOptions
from benchmarks.experiments.runner.profiles import profile_named
from benchmarks.experiments.runner.progress import clock
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import ExperimentResults

Report = Callable[[str], None]  # takes a line for the terminal
# (folder, profile, seed, report): run what the folder doesn't hold; return the problems
RunCatalogue = Callable[[Path, str, int, Report], list[str]]


@dataclass(frozen=True, slots=True)
class CatalogueExperiment:
    """Implements `Experiment`; `run_catalogue` goes on with a folder that was begun.

    `planned_seconds` is how long a run takes, by the profile's name. `check_needs` raises
    HarnessError or BackingError where a run couldn't begin.
    """

    name: str
    title: str
    run_catalogue: RunCatalogue
    summary: Callable[[Traversable], ExperimentResults]
    planned_seconds: Mapping[str, float] = field(default_factory=dict)
    check_needs: Callable[[], None] = lambda: None

    def plan(self, options: RunOptions) -> PlannedRun:
        """Plan a new run. Raises UsageError for options about load."""
        loads = (options.sweeps, options.target_a, options.target_b, options.api, options.rates)
        if options.target_cores:
            raise UsageError(f"{self.name} loads nothing: TARGET_CORES goes with scaling only.")
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

    @property
    def seconds(self) -> float:
        return self.experiment.planned_seconds.get(self.profile, 0.0)

    @property
    def conformance_seconds(self) -> float:
        return 0.0

    def check_needs(self) -> None:
        self.experiment.check_needs()

    def execute(
        self,
        folder: ResultsFolder,
        console: Console,
        run_dir: Path,  # noqa: ARG002
        *,
        later_seconds: float = 0.0,
    ) -> list[str]:
        later = f" (then {clock(later_seconds)} for what follows)" if later_seconds else ""

        def report(line: str) -> None:
            console.print(line + later, highlight=False, markup=False, soft_wrap=True)

        return self.experiment.run_catalogue(folder.path, self.profile, self.seed, report)
