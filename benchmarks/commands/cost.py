"""Price a run on AWS, by submissions a day; print a table, and write a page with figure and table."""

import argparse
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED
from benchmarks.commands.count_operations import COUNTS
from benchmarks.cost.assumptions import AssumptionError, assume
from benchmarks.cost.operations import UnreadableCounts, read_counts
from benchmarks.cost.prices import AWS, PriceError, read_prices
from benchmarks.cost_summary import Priced, summarize
from benchmarks.experiments.runner.errors import FolderError, HarnessError, UsageError
from benchmarks.experiments.runner.results_folder import ResultsFolder, run_id
from benchmarks.json_layout import lay_out
from benchmarks.priced_run import read_blocks
from benchmarks.report.cost import page, terminal

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    HarnessError: FAILED,
    PriceError: MISUSED,
    AssumptionError: MISUSED,
    UnreadableCounts: FAILED,
}
INTERRUPTED = "Interrupted; nothing was written."
DOCUMENT = "cost.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the run, the prices, the counted operations, assumptions, and the folder of the page."""
    parser.add_argument("folder", type=Path, metavar="RESULTS_DIR", help="a run of scaling")
    parser.add_argument("--prices", type=Path, default=AWS, help="file of prices (default: AWS's)")
    parser.add_argument("--counts", type=Path, default=COUNTS, help="file of `count-operations`")
    parser.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of an assumption, as peak_to_mean=1; may be repeated",
    )
    parser.add_argument("--into", type=Path, help="folder of the page (default: RESULTS_DIR)")


def run(options: argparse.Namespace) -> int:
    """Price the run, print the table, and write `cost.json`, `cost.md` and `cost.svg`."""
    prices, assumptions = read_prices(options.prices), assume(options.assume)
    counts = read_counts(options.counts)
    folder = ResultsFolder.open(options.folder)
    document = summarize(
        Priced(
            run=str(folder.read_json("run.json").get("id") or run_id(options.folder)),
            environment=folder.read_json("environment.json"),
            blocks=read_blocks(folder),
            counts=counts,
            prices=prices,
            assumptions=assumptions,
        )
    )
    terminal.show(document, Console())
    into: Path = options.into or options.folder
    files = {DOCUMENT: lay_out(msgspec.to_builtins(document)), **page.files(document)}
    try:
        into.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (into / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{into} can't be written: {error.strerror}.") from error
    print(into / page.PAGE, flush=True)
    return 0
