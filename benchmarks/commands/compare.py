"""Run an experiment on both architectures, or resume one, and report."""

import argparse
import sys
from contextlib import nullcontext
from dataclasses import fields
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED, end_with_parent
from benchmarks.commands.measured_run import RESULTS, RUN_DIR, alone, finish
from benchmarks.experiments.registry import NAMES, experiment_named
from benchmarks.experiments.runner.errors import HarnessError, UsageError
from benchmarks.experiments.runner.experiment import PlannedRun, RunOptions
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.ports import PortError
from benchmarks.results_model import reading

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    PortError: MISUSED,
    HarnessError: FAILED,
    reading.UnreadableResults: FAILED,
}
INTERRUPTED = "Interrupted; nothing is left running."
PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the experiment, its profile, and the targets that are compared."""
    known = ", ".join(NAMES)
    option = parser.add_argument
    option("--profile", default="quick", help=f"one of {', '.join(PROFILES)}")
    option("--experiments", default="scaling", help=f"one of: {known}")
    option("--sweeps", default="", help="only these of the profile, with commas between")
    option("--seed", type=int, help="of the order of the arms (default: random)")
    option("--resume", type=Path, metavar="RESULTS_DIR", help="go on with a stopped run")
    option("--share-core", action="store_true", help="go on where there is one core only")
    option("--target-a", default="", metavar="URL", help="a deployed target of yours")
    option("--target-b", default="", metavar="URL", help="the one to compare it with")
    option("--api", default="", metavar="FILE.py:CLASS", help="the API that both have")
    option("--rates", default="", help="arrivals a second for them, as in 2,5")
    option("--image-server", default="", metavar="URL", help="its URL as the targets reach it")


def run(options: argparse.Namespace) -> int:
    """Run what is missing and report; return 1 for problems or results that conclude nothing."""
    console = Console()
    resumed = ResultsFolder.open_unpacked(options.resume) if options.resume else None
    name = options.experiments if resumed is None else resumed.read_json("run.json")["experiment"]
    experiment = experiment_named(name)
    wanted = RunOptions(
        **{field.name: getattr(options, field.name) for field in fields(RunOptions)}
    )
    planned = experiment.plan(wanted) if resumed is None else experiment.resume(resumed, wanted)
    with alone("compare") if planned.is_exclusive else nullcontext():
        folder = resumed or ResultsFolder.create(RESULTS, profile=planned.profile)
        if planned.announcement:
            console.print(planned.announcement, **PLAIN)
        problems = _execute(planned, folder, console)
    for problem in problems:
        print(problem, file=sys.stderr)
    is_conclusive = experiment.is_conclusive(reading.read(folder.path / "results.json"))
    return 0 if is_conclusive and not problems else FAILED


def _execute(planned: PlannedRun, folder: ResultsFolder, console: Console) -> list[str]:
    """Execute a run; report what the folder holds then, also after an error."""
    end_with_parent()
    try:
        return planned.execute(folder, console, RUN_DIR)
    finally:
        if (folder.path / "environment.json").exists():
            finish(folder, console)
