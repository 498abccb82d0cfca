"""Compute what a run costs on AWS by submissions a day: print a table, write a page."""

import argparse
import math
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED
from benchmarks.cost.assumptions import AssumptionError, assume
from benchmarks.cost.operations import COUNTS, UnreadableCounts, read_counts
from benchmarks.cost.prices import AWS, PriceError, read_prices
from benchmarks.cost.sizing import SizeError
from benchmarks.experiments.comparison import is_comparison
from benchmarks.experiments.runner.errors import FolderError, HarnessError, UsageError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.json_layout import lay_out
from benchmarks.pricing.blocks import ARMS, read_blocks
from benchmarks.pricing.priced import Priced
from benchmarks.pricing.summary import summarize
from benchmarks.report.cost import page, terminal

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    HarnessError: FAILED,
    PriceError: MISUSED,
    AssumptionError: MISUSED,
    SizeError: MISUSED,
    UnreadableCounts: FAILED,
}
INTERRUPTED = "Interrupted; nothing was written."
DOCUMENT, SCALING = "cost.json", "scaling"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the run, the prices, the counts, other assumptions, and the folder of the page."""
    parser.add_argument(
        "folder", type=Path, metavar="RESULTS_DIR", help="a run with the experiment scaling"
    )
    parser.add_argument(
        "--prices", type=Path, default=AWS, help="file of prices (default: AWS's, in cost/)"
    )
    parser.add_argument(
        "--counts", type=Path, default=COUNTS, help="file that `count-operations` wrote"
    )
    parser.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of an assumption, as peak_to_mean=1; may be repeated",
    )
    parser.add_argument(
        "--function-ms",
        action="append",
        default=[],
        type=function_ms,
        metavar="ARCHITECTURE=MS",
        help="measured milliseconds of a warm call of the function on one vCPU; may be repeated",
    )
    parser.add_argument("--into", type=Path, help="folder of the page (default: RESULTS_DIR)")


def function_ms(text: str) -> tuple[str, float]:
    """Return the architecture and the milliseconds of `monolith=61.5`. ArgumentTypeError."""
    name, _, value = text.partition("=")
    try:
        milliseconds = float(value)
    except ValueError:
        milliseconds = math.nan
    if name not in ARMS or not 0 < milliseconds < math.inf:
        message = f"{text!r} is no measured call: use {ARMS[0]}=MS or {ARMS[1]}=MS"
        raise argparse.ArgumentTypeError(message)
    return name, milliseconds


def run(options: argparse.Namespace) -> int:
    """Compute the run's cost, print the table, and write `cost.json`, `cost.md` and `cost.svg`."""
    prices, assumptions = read_prices(options.prices), assume(options.assume)
    counts = read_counts(options.counts)
    folder = ResultsFolder.open(_of_scaling(options.folder))
    document = summarize(
        Priced(
            run=str(folder.read_json("run.json")["id"]),
            environment=folder.read_json("environment.json"),
            blocks=read_blocks(folder),
            counts=counts,
            prices=prices,
            assumptions=assumptions,
            function_ms=dict(options.function_ms),
        )
    )
    terminal.show(document, Console())
    files = {DOCUMENT: lay_out(msgspec.to_builtins(document)), **page.files(document)}
    print(_write(options.into or options.folder, files) / page.PAGE, flush=True)
    return 0


def _of_scaling(folder: Path) -> Path:
    """Return the folder of the experiment scaling: of a whole comparison, the one within."""
    return folder / SCALING if is_comparison(folder) else folder


def _write(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder, which is made; return it. Raises FolderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{folder} can't be written: {error.strerror}.") from error
    return folder
