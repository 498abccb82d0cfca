"""The table of a profile in the terminal."""

from rich.console import Console
from rich.table import Table

from benchmarks.report.formats import NONE, interval, number
from benchmarks.results_model.request_profile import ARCHITECTURES, ProfiledKind, ProfileDocument

DIGITS = 2


def show(document: ProfileDocument, console: Console) -> None:
    """Print the CPU-ms of each kind on both sides, with intervals, and their ratio."""
    table = Table(title="CPU-ms of one call", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("kind", no_wrap=True)
    for name in (*ARCHITECTURES, "ratio"):
        table.add_column(name, justify="right")
    for kind in document.kinds:
        table.add_row(kind.title, *(_cost(kind, name) for name in ARCHITECTURES), _ratio(kind))
    console.print(table)


def _cost(kind: ProfiledKind, architecture: str) -> str:
    side = kind.sides.get(architecture)
    if side is None:
        return NONE
    return f"{number(side.cpu_ms.mean, DIGITS)} ({interval(side.cpu_ms, DIGITS)})"


def _ratio(kind: ProfiledKind) -> str:
    return f"{number(kind.ratio.ratio, DIGITS)} ({interval(kind.ratio, DIGITS)})"
