"""The bill of a comparison, from its experiment scaling, by the default prices and assumptions."""

from pathlib import Path

from benchmarks.cost.deployment import Deployment, Platform
from benchmarks.cost.operations import COUNTS, UnreadableCounts, read_counts
from benchmarks.cost.prices import read_prices
from benchmarks.cost.sizing import SizeError
from benchmarks.experiments.comparison import Comparison
from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.pricing.blocks import ARMS, read_blocks
from benchmarks.pricing.priced import Priced
from benchmarks.pricing.summary import deployment_cost, judged
from benchmarks.report.cost.bill import Bill, bill_of
from benchmarks.repository import REPOSITORY

SCALING = "scaling"


def bill(comparison: Comparison) -> Bill | None:
    """Return what a month on AWS costs; None without a run of scaling that can be priced.

    Crossings and other assumptions are left to `make cost`: they take most of its time.
    """
    path = comparison.folder_of(SCALING)
    if SCALING not in comparison.experiments or not (path / "results.json").is_file():
        return None
    try:
        return _priced(comparison.path, ResultsFolder.open(path))
    except (SizeError, UnreadableCounts, UsageError):  # no such targets, blocks or counts
        return None


def _priced(comparison: Path, folder: ResultsFolder) -> Bill:
    prices = read_prices()
    priced = Priced(
        run=comparison.name,
        environment={},
        blocks=read_blocks(folder),
        counts=read_counts(COUNTS),
        prices=prices,
    )
    return bill_of(
        [deployment_cost(priced, Deployment(arm, it)) for arm in ARMS for it in Platform],
        judged(priced),
        origin=f"Prices of {prices.region}, {prices.date}. {prices.note}",
        command=f"make cost RESULTS={_from_here(comparison)}",
    )


def _from_here(folder: Path) -> Path:
    """Return the path that `make` takes: below the repository, where the folder is there."""
    is_below = folder.is_relative_to(REPOSITORY)
    return folder.relative_to(REPOSITORY) if is_below else folder
