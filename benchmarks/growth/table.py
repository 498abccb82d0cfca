"""The table that the command prints."""

from rich.console import Console
from rich.table import Table

from benchmarks.report.formats import interval, number
from benchmarks.results_model.growth import ARCHITECTURES, GrowthDocument, SizeCost


def show(document: GrowthDocument, console: Console) -> None:
    """Print CPU-ms per call of each kind, and its ratio to the cost with the fewest rows."""
    for name in ARCHITECTURES:
        table = Table(title=f"{name}: CPU-ms per call, ratio to {document.sizes[0]} rows")
        table.add_column("call")
        for rows in document.sizes:
            table.add_column(f"{rows} rows", justify="right")
        for kind in document.kinds:
            table.add_row(kind.title, *(_cell(cost) for cost in kind.sides[name]))
        console.print(table)


def _cell(cost: SizeCost) -> str:
    value = number(cost.cpu_ms, 2)
    if cost.ratio.ratio is None:
        return value
    return f"{value}, {number(cost.ratio.ratio, 2)} ({interval(cost.ratio, 2)})"
