"""Measure what an image costs by size, threads and pool, and the flow beside thumbor."""

import argparse
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from backing import BackingError
from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.architecture_arguments import INTERRUPTED, RUN
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.errors import MachineError
from benchmarks.json_layout import lay_out
from benchmarks.ports import PortError
from benchmarks.recognizer.errors import RecognizerError
from benchmarks.recognizer.plan import BLOCKS, FEWEST_BLOCKS
from benchmarks.recognizer.run import measure
from benchmarks.recognizer.terminal import lines
from benchmarks.repository import REPOSITORY

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

ERRORS: Mapping[type[Exception], int] = {
    BackingError: FAILED,
    MachineError: FAILED,
    PortError: FAILED,
    RecognizerError: FAILED,
    httpx.HTTPError: FAILED,
}
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
    found = measure(
        blocks=options.blocks,
        cores=split_cores(),
        run_dir=run_dir,
        report=lambda line: print(line, flush=True),
    )
    shutil.rmtree(run_dir)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(lay_out(msgspec.to_builtins(found)), encoding="utf-8")
    print(*lines(found), output, sep="\n")
    return 0


def _blocks(text: str) -> int:
    blocks = int(text)
    if blocks < FEWEST_BLOCKS:
        message = f"use {FEWEST_BLOCKS} blocks or more"
        raise argparse.ArgumentTypeError(message)
    return blocks
