"""Render the report of an earlier run again, or set two runs side by side."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED
from benchmarks.commands.measured_run import finish, finish_comparison
from benchmarks.experiments.comparison import Comparison, is_comparison
from benchmarks.experiments.runner.errors import FolderError, HarnessError, UsageError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.raw_files import is_packed
from benchmarks.report.replication import page, terminal
from benchmarks.report.replication.pairs import replication_of
from benchmarks.report.target_cores import target_cores
from benchmarks.results_model import reading
from benchmarks.results_model.document import ResultsDocument

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    HarnessError: FAILED,
    reading.UnreadableResults: FAILED,
}
INTERRUPTED = "Interrupted."
RESULTS = "results.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the run, and that of the run to compare it with."""
    parser.add_argument("folder", type=Path, metavar="RESULTS_DIR")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="RESULTS_DIR",
        help="set this run beside it; exits with 1 if a verdict flips",
    )


def run(options: argparse.Namespace) -> int:
    """Derive the results of a run from its raw data, or set two runs side by side.

    Return 1 if one run supports a claim that the other doesn't support.
    """
    console = Console()
    if options.against is not None:
        return _side_by_side(options.folder, options.against, console)
    if is_comparison(options.folder):
        comparison = Comparison.open(options.folder)
        for path in map(comparison.folder_of, comparison.experiments):
            if (path / "environment.json").is_file() or is_packed(path):
                finish(ResultsFolder.open(path), console)
        finish_comparison(comparison, console)
    else:
        finish(ResultsFolder.open(options.folder), console)
    return 0


def _side_by_side(first: Path, second: Path, console: Console) -> int:
    names = (first.resolve().name, second.resolve().name)
    documents = _documents(first), _documents(second)
    _refuse_other_cores(*documents)
    found = replication_of(names, *documents)
    if not found.experiments:
        raise UsageError(f"{first} and {second} have no experiment in common.")
    path = first / f"against-{names[1]}.html"
    try:
        path.write_text(page.render(found), encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{path} can't be written: {error.strerror}.") from error
    terminal.show(found, console)
    print(path, flush=True)
    return FAILED if found.is_flipped else 0


def _refuse_other_cores(
    first: Mapping[str, ResultsDocument], second: Mapping[str, ResultsDocument]
) -> None:
    """Raise UsageError where the targets had other numbers of cores: nothing is comparable then."""
    for name in first.keys() & second.keys():
        numbers = target_cores(first[name]), target_cores(second[name])
        if numbers[0] != numbers[1]:
            raise UsageError(
                f"In one run of {name} the target had {numbers[0]} and in the other {numbers[1]} "
                "cores: such runs aren't compared."
            )


def _documents(folder: Path) -> Mapping[str, ResultsDocument]:
    """Return the results of a folder by experiment: of a whole comparison, or of one experiment."""
    if not is_comparison(folder):
        document = reading.read(folder / RESULTS)
        return {document.experiment: document}
    comparison = Comparison.open(folder)
    paths = {name: comparison.folder_of(name) / RESULTS for name in comparison.experiments}
    return {name: reading.read(path) for name, path in paths.items() if path.is_file()}
