"""The experiments that one `make compare` runs: planned before anything is written or started."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.commands.measured_run import RESULTS
from benchmarks.experiments.comparison import COMPLETE, Comparison, is_comparison
from benchmarks.experiments.registry import default_names, experiment_named, names_in
from benchmarks.experiments.runner.errors import FolderError, UsageError
from benchmarks.experiments.runner.experiment import Experiment, PlannedRun, RunOptions
from benchmarks.experiments.runner.plans import check_same
from benchmarks.experiments.runner.profiles import profile_named
from benchmarks.experiments.runner.results_folder import ResultsFolder, name_of_run
from benchmarks.experiments.runner.run_record import RECORD

ENVIRONMENT = "environment.json"


@dataclass(frozen=True, slots=True)
class Step:
    """One experiment that is to be run or resumed, in the folder at `path`."""

    experiment: Experiment
    planned: PlannedRun
    path: Path


@dataclass(slots=True)
class Steps:
    """What is left of a run, and its comparison if it has several experiments."""

    left: Sequence[Step]
    comparison: Comparison | None = None
    several: tuple[str, ...] = ()  # of a comparison whose folder isn't made yet
    options: RunOptions = field(default_factory=RunOptions)

    def begin(self) -> Comparison | None:
        """Make the folder of a new comparison; return the comparison, if this is one."""
        if self.several and self.comparison is None:
            self.comparison = Comparison.create(
                RESULTS,
                profile=self.options.profile,
                seed=self.options.seed or 0,
                experiments=self.several,
            )
            self.left = [
                replace(step, path=self.comparison.folder_of(step.experiment.name))
                for step in self.left
            ]
        return self.comparison

    def later_seconds(self, place: int) -> float:
        """Return how long all steps after one are planned to take; conformance runs once for all.

        `place` is that of the one among those that are left, from 0.
        """
        before, after = self.left[: place + 1], self.left[place + 1 :]
        seconds = sum(it.planned.seconds - it.planned.conformance_seconds for it in after)
        if any(it.planned.conformance_seconds for it in before):
            return seconds
        return seconds + max((it.planned.conformance_seconds for it in after), default=0.0)

    def folder_of(self, step: Step) -> ResultsFolder:
        """Return the folder of a step; made, if it isn't there."""
        if (step.path / RECORD).is_file():
            return ResultsFolder.open(step.path)
        if self.comparison:
            return self.comparison.begin(step.experiment.name)
        return ResultsFolder.begin(step.path)


def new_steps(names: str, options: RunOptions) -> Steps:
    """Plan a new run. Raises UsageError for names and options that don't fit."""
    profile_named(options.profile)
    is_external = bool(options.target_a or options.target_b)
    if names.strip():
        chosen = names_in(names)
    else:
        chosen = default_names(
            options.profile, is_external=is_external, on_engine=bool(options.target)
        )
    if len(chosen) == 1:
        experiment = experiment_named(chosen[0])
        planned = experiment.plan(options)
        return Steps([Step(experiment, planned, RESULTS / name_of_run(planned.profile))])
    _refuse_single(options, chosen)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    options = replace(options, seed=seed)
    experiments = [experiment_named(name) for name in chosen]
    left = [Step(it, it.plan(options), Path()) for it in experiments]
    return Steps(left, several=chosen, options=options)


def resumed_steps(path: Path, options: RunOptions) -> Steps:
    """Plan the rest of the run in a folder. Raises FolderError where there is nothing to do."""
    if not is_comparison(path):
        folder = ResultsFolder.open_unpacked(path)
        experiment = experiment_named(folder.read_json(RECORD)["experiment"])
        return Steps([Step(experiment, experiment.resume(folder, options), path)])
    comparison = Comparison.open(path)
    options = replace(options, profile=comparison.profile, seed=comparison.seed)
    records = {name: comparison.record_of(name) for name in comparison.experiments}
    if None in records.values():
        _refuse_mixture(comparison)
    left = []
    for name, record in records.items():
        if record is not None and record["status"] == COMPLETE:
            continue
        experiment = experiment_named(name)
        if record is None:
            planned = experiment.plan(options)
        else:
            planned = experiment.resume(ResultsFolder.open(comparison.folder_of(name)), options)
        left.append(Step(experiment, planned, comparison.folder_of(name)))
    if not left:
        raise FolderError(f"{path} is complete: there is nothing to go on with.")
    return Steps(left, comparison)


def _refuse_mixture(comparison: Comparison) -> None:
    """Raise FolderError if what hasn't begun would be of another commit or machine than the rest.

    It would also be measured on proofs of conformance that the earlier commit has given.
    """
    for name in comparison.experiments:
        if (comparison.folder_of(name) / ENVIRONMENT).is_file():
            check_same(ResultsFolder(comparison.folder_of(name)))


def _refuse_single(options: RunOptions, chosen: Sequence[str]) -> None:
    """Raise UsageError for an option that only one experiment could follow."""
    given = {
        "SWEEPS": options.sweeps,
        "TARGET_A": options.target_a,
        "TARGET_B": options.target_b,
        "API": options.api,
        "RATES": options.rates,
        "TARGET_CORES": options.target_cores,
        "TARGET": options.target,
    }
    wrong = [name for name, value in given.items() if value]
    if wrong:
        raise UsageError(
            f"{' and '.join(wrong)} can't be followed by {', '.join(chosen)} at once: "
            f"name one of them, as in EXPERIMENTS={chosen[0]}."
        )
