"""Render the report of an earlier run again, or compare two runs."""

import argparse
from pathlib import Path

from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED
from benchmarks.commands.measured_run import finish, finish_comparison
from benchmarks.experiments.comparison import Comparison, is_comparison
from benchmarks.experiments.registry import experiment_named
from benchmarks.experiments.runner.errors import HarnessError, UsageError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.raw_files import is_packed
from benchmarks.report import comparison as side_by_side
from benchmarks.results_model import reading

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    HarnessError: FAILED,
    reading.UnreadableResults: FAILED,
}
INTERRUPTED = "Interrupted."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the run, and that of the run to compare it with."""
    parser.add_argument("folder", type=Path, metavar="RESULTS_DIR")
    parser.add_argument(
        "--against", type=Path, metavar="RESULTS_DIR", help="show this run beside it"
    )


def run(options: argparse.Namespace) -> int:
    """Derive the results of a run from its raw data, or render two runs side by side."""
    console = Console()
    if options.against is None:
        if is_comparison(options.folder):
            comparison = Comparison.open(options.folder)
            for path in map(comparison.folder_of, comparison.experiments):
                if (path / "environment.json").is_file() or is_packed(path):
                    finish(ResultsFolder.open(path), console)
            finish_comparison(comparison, console)
        else:
            finish(ResultsFolder.open(options.folder), console)
        return 0
    both = [reading.read(path / "results.json") for path in (options.folder, options.against)]
    for document in both:
        if not experiment_named(document.experiment).has_trials:
            raise UsageError(
                f"{document.experiment} has no trials, so its runs can't be set side by side."
            )
    path = options.folder / f"against-{options.against.resolve().name}.html"
    path.write_text(side_by_side.render(*both), encoding="utf-8")
    side_by_side.show(both[0], both[1], console)
    print(path, flush=True)
    return 0
