"""The protocol of an experiment: all that the command line and the results document use of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rich.console import Console

from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import ExperimentResults


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of a run, as they stand on the command line; empty where one isn't given.

    `sweeps` and `rates` are lists with commas between. `target_a` and `target_b` are the URLs of
    two deployed targets, `image_server` is the URL at which these reach the suite's images. `api`
    is the API that both have, as FILE.py:CLASS, where that isn't the image flow's. `target_cores`
    is the number of cores that the target has, or "all". `target` is the container engine that the
    targets are deployed on, `context` and `overlay` where on Kubernetes.
    """

    profile: str = "quick"
    sweeps: str = ""
    seed: int | None = None
    target_a: str = ""
    target_b: str = ""
    api: str = ""
    rates: str = ""
    image_server: str = ""
    share_core: bool = False
    target_cores: str = ""
    target: str = ""
    context: str = ""
    overlay: str = ""


class PlannedRun(Protocol):
    """A run whose options are checked; nothing of it is written or started yet."""

    @property
    def profile(self) -> str:
        """The profile's name."""

    @property
    def is_exclusive(self) -> bool:
        """Whether another comparison beside it would change what it measures."""

    @property
    def seconds(self) -> float:
        """How long it is planned to take."""

    @property
    def conformance_seconds(self) -> float:
        """How many of them are the conformance suite's: in a comparison it runs once for all."""

    @property
    def announcement(self) -> str:
        """One line about what is about to run and for how long; empty if the run prints one."""

    def check_needs(self) -> None:
        """Check what the run needs that it would miss only at its own turn, maybe an hour later.

        Raises HarnessError and BackingError. Nothing is written or started.
        """

    def execute(
        self, folder: ResultsFolder, console: Console, run_dir: Path, *, later_seconds: float = 0.0
    ) -> list[str]:
        """Run what the folder doesn't hold yet; return the problems, each one a sentence.

        Processes keep their files below `run_dir`. `later_seconds` is added to the time left that
        is shown. Raises HarnessError and KeyboardInterrupt;
        the folder keeps what was measured until then.
        """


class Experiment(Protocol):
    """One question."""

    @property
    def name(self) -> str:
        """The name on the command line, and the key in `results.json`."""

    @property
    def title(self) -> str:
        """The title in the report."""

    def plan(self, options: RunOptions) -> PlannedRun:
        """Plan a new run. Raises UsageError for options that the experiment doesn't have."""

    def resume(self, folder: ResultsFolder, options: RunOptions) -> PlannedRun:
        """Plan the rest of the run in a folder. Raises FolderError where that can't be done."""

    def summarize(self, folder: ResultsFolder) -> ExperimentResults:
        """Return the experiment's results, from the folder's raw files.

        The type is the experiment's own, or `OtherResults`, which any with trials can fill.
        """

    def is_conclusive(self, document: ResultsDocument) -> bool:
        """Return whether a complete run with these results has measured what it was for."""
