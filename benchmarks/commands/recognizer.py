"""Measure what an image costs by size, threads and pool, and the flow beside thumbor."""

import argparse
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.architecture_arguments import RUN
from benchmarks.commands.measured_run import alone
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.errors import FolderError, HarnessError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.ports import PortError
from benchmarks.recognizer.errors import RecognizerError
from benchmarks.recognizer.plan import BLOCKS, FEWEST_BLOCKS
from benchmarks.recognizer.run import measure
from benchmarks.recognizer.terminal import lines
from benchmarks.repository import REPOSITORY
from benchmarks.results_model.recognizer import RecognizerResults

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

ERRORS: Mapping[type[Exception], int] = {
    BackingError: FAILED,
    HarnessError: FAILED,
    PortError: FAILED,
    RecognizerError: FAILED,
    httpx.HTTPError: FAILED,
}
INTERRUPTED = "Interrupted; the parts that came to their ends are in the file of the results."
RESULTS = REPOSITORY / "benchmarks" / "results"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the number of blocks and the file of the results."""
    parser.add_argument(
        "--blocks",
        type=_blocks,
        default=BLOCKS,
        help=f"{FEWEST_BLOCKS} or more (default: {BLOCKS})",
    )
    parser.add_argument("--output", type=Path, help="file of the results (default: results/…)")


def run(options: argparse.Namespace) -> int:
    """Measure, print the figures, and write the document."""
    end_with_parent()
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    output = options.output or RESULTS / f"{moment}-recognizer" / "recognizer.json"
    run_dir = RUN / "recognizer"
    with alone("recognizer"):
        begun = measure(
            blocks=options.blocks,
            cores=split_cores(),
            run_dir=run_dir,
            report=lambda line: print(line, flush=True),
        )
        found = keep_each(begun, output)
    shutil.rmtree(run_dir, ignore_errors=True)
    print(*lines(found), output, sep="\n")
    return 0


def keep_each(documents: Iterable[RecognizerResults], output: Path) -> RecognizerResults:
    """Write each document over the one before, so that what was measured is kept; return the last.

    Raises FolderError where the file can't be written: where its folder can't, before the first.
    """
    folder = ResultsFolder(output.parent)
    with _as_folder_error(output):
        output.parent.mkdir(parents=True, exist_ok=True)
    for found in documents:
        with _as_folder_error(output):
            folder.write_json(output.name, msgspec.to_builtins(found))
    return found


@contextmanager
def _as_folder_error(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderError(f"{output} can't be written: {error.strerror}.") from error


def _blocks(text: str) -> int:
    blocks = int(text)
    if blocks < FEWEST_BLOCKS:
        message = f"use {FEWEST_BLOCKS} blocks or more"
        raise argparse.ArgumentTypeError(message)
    return blocks
