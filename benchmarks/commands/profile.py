"""Measure where the CPU time of each kind of request goes, and write a page with a figure."""

import argparse
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec
from rich.console import Console

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.measured_run import RESULTS, alone
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.experiments.runner.errors import FolderError, HarnessError
from benchmarks.experiments.runner.results_folder import name_of_run
from benchmarks.json_layout import lay_out
from benchmarks.report.request_profile import page, terminal
from benchmarks.repository import REPOSITORY
from benchmarks.request_profile.errors import ProfileError
from benchmarks.request_profile.kinds import Sizes, kinds_of
from benchmarks.request_profile.run import Records, begin
from benchmarks.request_profile.run import run as run_blocks
from benchmarks.request_profile.summary import summarize
from benchmarks.request_profile.visit import Bench

ERRORS: Mapping[type[Exception], int] = {
    BackingError: FAILED,
    HarnessError: FAILED,
    ProfileError: FAILED,
}
INTERRUPTED = "Interrupted; what was measured is in the folder that is named above."
DOCUMENT = "profile.json"
BLOCKS_MOST = 100
SAMPLE_SECONDS = 5.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the number of blocks and the folder."""
    parser.add_argument(
        "--blocks", type=blocks, default=5, help="deployments of each architecture (default: 5)"
    )
    parser.add_argument("--into", type=Path, help="folder of the results (default: results/…)")


def blocks(text: str) -> int:
    """Return a number of blocks. Raises ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= BLOCKS_MOST):
        message = f"{text!r} is no number of blocks: use 1 to {BLOCKS_MOST}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Measure, write `profile.json`, and draw the page if both sides were measured."""
    end_with_parent()
    folder: Path = options.into or RESULTS / name_of_run("profile")
    console = Console()
    with alone("profile"):
        bench = Bench(
            cores=split_cores(share=True),  # CPU time, unlike latency, can be read on one core
            image=IMAGE,
            run_dir=REPOSITORY / ".run" / "profile",
            folder=folder,
            sizes=Sizes(),
            sample_seconds=SAMPLE_SECONDS,
        )
        _write(folder, {})
        console.print(f"results: {folder}", highlight=False, soft_wrap=True)
        records = begin(bench, seed=secrets.randbelow(1_000_000), blocks=options.blocks)
        try:
            run_blocks(bench, records, console)
        finally:
            if records.measured:
                _finish(bench, records, console)
    return 0


def _finish(bench: Bench, records: Records, console: Console) -> None:
    """Write what was measured, and print it."""
    document = summarize(
        records, kinds_of(bench.sizes), run=bench.folder.resolve().name, image=bench.image.name
    )
    _write(bench.folder, {DOCUMENT: lay_out(msgspec.to_builtins(document))})
    terminal.show(document, console)
    if document.is_complete:
        _write(bench.folder, page.files(document))
    print(bench.folder / (page.PAGE if document.is_complete else DOCUMENT), flush=True)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, which is made if it is missing. Raises FolderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{folder} can't be written: {error.strerror}.") from error
