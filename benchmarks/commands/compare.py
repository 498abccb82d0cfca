"""Run experiments on both architectures, or resume a stopped run, and report."""

import argparse
import sys
from contextlib import nullcontext
from dataclasses import fields
from pathlib import Path
from typing import Any

from rich.console import Console

from backing import BackingError
from benchmarks.command_line import FAILED, MISUSED, end_with_parent
from benchmarks.commands.compared_steps import Step, Steps, new_steps, resumed_steps
from benchmarks.commands.measured_run import RUN_DIR, alone, finish, finish_comparison
from benchmarks.experiments.registry import ALL, NAMES
from benchmarks.experiments.runner.errors import HarnessError, UsageError
from benchmarks.experiments.runner.experiment import RunOptions
from benchmarks.experiments.runner.platforms import PLATFORMS
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.experiments.runner.progress import clock
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.ports import PortError
from benchmarks.results_model import reading

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    PortError: MISUSED,
    HarnessError: FAILED,
    BackingError: FAILED,
    reading.UnreadableResults: FAILED,
}
INTERRUPTED = "Interrupted; nothing is left running."
PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the experiments, their profile, and the targets that are compared."""
    known = ", ".join(NAMES)
    option = parser.add_argument
    option("--profile", default="quick", help=f"one of {', '.join(PROFILES)}")
    option("--experiments", default="", help=f"{known}, with commas between, or {ALL}")
    option("--sweeps", default="", help="only these of the profile, with commas between")
    option("--seed", type=int, help="of the order of the arms (default: random)")
    option("--resume", type=Path, metavar="RESULTS_DIR", help="go on with a stopped run")
    option("--share-core", action="store_true", help="go on where there is one core only")
    option("--target-cores", default="", metavar="N", help="cores of the target, or all (scaling)")
    option("--target", default="", help=f"deploy on a container engine: {' or '.join(PLATFORMS)}")
    option(
        "--context", default="", metavar="NAME", help="of kubectl: a cluster of one node, this one"
    )
    option("--overlay", default="", metavar="NAME", help="local or local-1.20 (default: local)")
    option("--target-a", default="", metavar="URL", help="a deployed target of yours")
    option("--target-b", default="", metavar="URL", help="the one to compare it with")
    option("--api", default="", metavar="FILE.py:CLASS", help="the API that both have")
    option("--rates", default="", help="arrivals a second for them, as in 2,5")
    option("--image-server", default="", metavar="URL", help="its URL as the targets reach it")


def run(options: argparse.Namespace) -> int:
    """Run what is missing and report; return 1 for problems or results that conclude nothing."""
    console = Console()
    wanted = RunOptions(
        **{field.name: getattr(options, field.name) for field in fields(RunOptions)}
    )
    if options.resume:
        steps = resumed_steps(options.resume, wanted)
    else:
        steps = new_steps(options.experiments, wanted)
    for step in steps.left:
        step.planned.check_needs()
    end_with_parent()
    is_exclusive = any(step.planned.is_exclusive for step in steps.left)
    with alone("compare") if is_exclusive else nullcontext():
        problems = _execute_all(steps, console)
    for problem in problems:
        print(problem, file=sys.stderr)
    is_conclusive = all(
        step.experiment.is_conclusive(reading.read(step.path / "results.json"))
        for step in steps.left
    )
    return 0 if is_conclusive and not problems else FAILED


def _execute_all(steps: Steps, console: Console) -> list[str]:
    """Execute each step; whatever stops one, the report of the whole is drawn."""
    problems: list[str] = []
    comparison = steps.begin()
    try:
        for number, step in enumerate(steps.left):
            later = steps.later_seconds(number)
            if comparison:
                place = len(comparison.experiments) - len(steps.left) + number + 1
                left = clock(step.planned.seconds + later)
                console.print(
                    f"Experiment {place} of {len(comparison.experiments)}: "
                    f"{step.experiment.name}. About {left} left for the whole.",
                    **PLAIN,
                )
            problems += _execute(step, steps.folder_of(step), console, later)
    finally:
        if comparison:
            finish_comparison(comparison, console)
    return problems


def _execute(
    step: Step, folder: ResultsFolder, console: Console, later_seconds: float
) -> list[str]:
    """Execute one step; report what its folder holds then, also after an error."""
    if step.planned.announcement:
        console.print(step.planned.announcement, **PLAIN)
    try:
        return step.planned.execute(folder, console, RUN_DIR, later_seconds=later_seconds)
    finally:
        if (folder.path / "environment.json").exists():
            finish(folder, console)
