"""Measure what each kind of request costs by the number of stored submissions."""

import argparse
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec
import psycopg
from rich.console import Console

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.measured_run import RESULTS, alone
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.experiments.runner.errors import FolderError, HarnessError
from benchmarks.experiments.runner.results_folder import name_of_run
from benchmarks.growth import table
from benchmarks.growth.errors import GrowthError
from benchmarks.growth.kinds import kinds_of
from benchmarks.growth.run import Records, begin, now
from benchmarks.growth.run import run as run_blocks
from benchmarks.growth.summary import summarize
from benchmarks.growth.visit import Bench
from benchmarks.json_layout import lay_out
from benchmarks.repository import REPOSITORY

ERRORS: Mapping[type[Exception], int] = {
    BackingError: FAILED,
    GrowthError: FAILED,
    HarnessError: FAILED,
    psycopg.Error: FAILED,
}
INTERRUPTED = "Interrupted; what was measured is in the folder that is named above."
DOCUMENT = "growth.json"
SIZES = (1_000, 100_000, 1_000_000)
BLOCKS_MOST = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the number of blocks and the folder."""
    parser.add_argument(
        "--blocks", type=blocks, default=5, help="how often each call is measured (default: 5)"
    )
    parser.add_argument("--into", type=Path, help="folder of the results (default: results/…)")


def blocks(text: str) -> int:
    """Return a number of blocks. Raises ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= BLOCKS_MOST):
        message = f"{text!r} is no number of blocks: use 1 to {BLOCKS_MOST}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Measure, write `growth.json`, and print its table."""
    end_with_parent()
    folder: Path = options.into or RESULTS / name_of_run("growth")
    console = Console()
    with alone("growth"):
        bench = Bench(
            cores=split_cores(share=True),  # CPU time, unlike latency, can be read on one core
            image=IMAGE,
            run_dir=REPOSITORY / ".run" / "growth",
            sizes=SIZES,
            kinds=kinds_of(),
            blocks=options.blocks,
        )
        _make(folder)
        console.print(f"results: {folder}", highlight=False, soft_wrap=True)
        records = begin(bench, seed=secrets.randbelow(1_000_000))
        try:
            run_blocks(bench, records, console)
        finally:
            if records.measured:
                _finish(bench, records, folder, console)
    return 0


def _finish(bench: Bench, records: Records, folder: Path, console: Console) -> None:
    """Write what was measured, and print it."""
    document = summarize(bench, records, run=folder.resolve().name, finished_at=now())
    path = folder / DOCUMENT
    try:
        path.write_text(lay_out(msgspec.to_builtins(document)), encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{path} can't be written: {error.strerror}.") from error
    table.show(document, console)
    print(path, flush=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{folder} can't be written: {error.strerror}.") from error
