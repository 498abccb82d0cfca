"""The summary in the terminal: what each visit took, and the verdicts."""

from rich.console import Console
from rich.table import Table

from benchmarks.report import formats
from benchmarks.report.edge.page import warnings
from benchmarks.report.terminal import PLAIN, show_claim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.edge import EdgeResults, EdgeSweep, Visits

COLUMNS = (
    "application CPU-ms",
    "edge CPU-ms",
    "all CPU-ms",
    "p50 ms",
    "p95 ms",
    "requests/s",
    "kB",
)


def show(document: ResultsDocument, found: EdgeResults, console: Console) -> None:
    """Print the summary of the experiment."""
    for sweep in found.sweeps:
        console.print(_table(sweep))
    for claim in found.claims:
        show_claim(claim, console)
    for trial in found.trials:
        if trial.void:
            console.print(f"Void: {trial.name}: {'; '.join(trial.void)}", **PLAIN)
    for warning in warnings(document, found):
        console.print(f"Warning: {warning}", **PLAIN)


def _table(sweep: EdgeSweep) -> Table:
    table = Table(title=f"{sweep.title}: one visit", title_justify="left")
    table.add_column("")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for visits in sweep.visits:
        table.add_row(*_row(visits))
    return table


def _row(visits: Visits) -> list[str]:
    cpu, times = visits.cpu_ms, visits.connections
    name = f"{visits.architecture}, {visits.kind}, {visits.way}"
    return [
        name if times == 1 else f"{name}, {times} connections",
        formats.number(None if cpu is None else cpu.application, 2),
        formats.number(None if cpu is None else cpu.edge, 2),
        formats.number(None if cpu is None else cpu.total, 2),
        formats.ms(visits.latency_ms.p50),
        formats.ms(visits.latency_ms.p95),
        formats.number(visits.requests_per_second.mean, 0),
        formats.number(sum(visits.wire_bytes.values()) / 1000 or None, 1),
    ]
