"""Replace the raw files of a finished run by one pack."""

import argparse
from pathlib import Path

from benchmarks.command_line import FAILED, MISUSED
from benchmarks.experiments.runner.errors import HarnessError, UsageError
from benchmarks.pack import pack
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
    """Pack the raw files, compare the report made from the pack, and remove the files."""
    print(pack(options.folder))
    return 0
