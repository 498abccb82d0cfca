"""Plan replicas, rates, connections and limits of both architectures for a load."""

import argparse
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED
from benchmarks.cost.operations import UnreadableCounts
from benchmarks.cost.prices import AWS, PriceError, read_prices
from benchmarks.cost.sizing import SizeError
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.json_layout import lay_out
from benchmarks.planning.document import UnreadablePlan, read_plan
from benchmarks.planning.errors import PlanningError
from benchmarks.planning.plan import checked, plan
from benchmarks.planning.run import document
from benchmarks.planning.sources import PLAN, RESULTS, read_sources
from benchmarks.report.planning import terminal
from benchmarks.results_model.reading import UnreadableResults
from benchmarks.results_model.request_profile import UnreadableProfile

ERRORS: dict[type[Exception], int] = {
    PlanningError: FAILED,
    UnreadablePlan: FAILED,
    UnreadableProfile: FAILED,
    UnreadableCounts: FAILED,
    UnreadableResults: FAILED,
    PriceError: MISUSED,
    SizeError: MISUSED,
    FolderError: FAILED,
}
INTERRUPTED = "Interrupted; nothing was written."
DOCUMENT = "plan.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the load, or the folder of the document of all loads."""
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--per-day", type=per_day, help="submissions a day, as 1e7")
    chosen.add_argument(
        "--into",
        type=Path,
        help="validate the simulation, plan 1e5 to 1e8, and write plan.json into this folder",
    )


def per_day(text: str) -> float:
    """Return a number of submissions a day. Raises ArgumentTypeError for anything else."""
    try:
        return checked(float(text))
    except PlanningError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    except ValueError as error:
        message = f"{text!r} is no number of submissions a day: use one such as 1e7"
        raise argparse.ArgumentTypeError(message) from error


def run(options: argparse.Namespace) -> int:
    """Print the plan of a load, or write the document of all of them."""
    prices = read_prices(AWS)
    sources = read_sources(RESULTS)
    if options.into is None:
        validation = read_plan(RESULTS / PLAN).validation
        terminal.show(plan(sources, prices, options.per_day), validation, Console())
        return 0
    text = lay_out(msgspec.to_builtins(document(sources, prices)))
    try:
        options.into.mkdir(parents=True, exist_ok=True)
        (options.into / DOCUMENT).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{options.into} can't be written: {error.strerror}.") from error
    print(options.into / DOCUMENT, flush=True)
    return 0
