"""Replace the raw files of a finished run by one pack; of a comparison, by one per experiment."""

import argparse
from pathlib import Path

from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED
from benchmarks.commands.measured_run import finish_comparison
from benchmarks.experiments.comparison import Comparison, is_comparison
from benchmarks.experiments.runner.errors import HarnessError, UsageError
from benchmarks.pack import is_finished, pack
from benchmarks.results_model.reading import UnreadableResults

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    HarnessError: FAILED,
    UnreadableResults: FAILED,
}
INTERRUPTED = "Interrupted; the raw files are kept."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the run."""
    parser.add_argument("folder", type=Path, metavar="RESULTS_DIR")


def run(options: argparse.Namespace) -> int:
    """Pack the raw files, compare the report made from the pack, and remove the files.

    A comparison's experiments that are packed already stay as they are.
    """
    if not is_comparison(options.folder):
        print(pack(options.folder))
        return 0
    comparison = Comparison.open(options.folder)
    folders = [comparison.folder_of(name) for name in comparison.experiments]
    for path in [folder for folder in folders if not is_finished(folder)]:
        print(pack(path), flush=True)
    finish_comparison(comparison, Console())
    return 0
