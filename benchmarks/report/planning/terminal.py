"""The plan for a load in the terminal."""

from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from benchmarks.planning.document import ArchitecturePlan, LoadPlan, Validation
from benchmarks.report.cost.names import dollars
from benchmarks.report.formats import NONE, ms, number, percent
from benchmarks.report.planning import names
from benchmarks.report.terminal import PLAIN

ROWS: tuple[tuple[str, Callable[[ArchitecturePlan], str]], ...] = (
    ("vCPUs of PostgreSQL", lambda found: number(found.database_vcpus, 2)),
    ("vCPUs of Valkey", lambda found: number(found.cache_vcpus, 2)),
    ("rows written a second", lambda found: number(found.rows_written, 1)),
    ("SQL statements a second", lambda found: number(found.statements, 1)),
    ("messages a second", lambda found: number(found.messages, 1)),
    ("Valkey commands a second", lambda found: number(found.broker_commands, 1)),
    ("S3 requests a second", lambda found: number(found.store_requests, 1)),
    ("connections to PostgreSQL", lambda found: number(found.connections, 0)),
    ("workers busy, simulated", lambda found: percent(found.worker_busy)),
    ("p95 submit to ready, ms", lambda found: ms(found.p95_ms)),
    ("dollars a month", lambda found: dollars(found.dollars_a_month)),
)


def show(plan: LoadPlan, validation: Validation, console: Console) -> None:
    """Print the table of both architectures, the limits, and how far the plan is validated."""
    title = (
        f"{plan.per_day:g} submissions a day, {number(plan.peak_per_second, 1)} a second at the "
        "peak; replicas have a vCPU each"
    )
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    for found in plan.architectures:
        table.add_column(names.SIDES[found.architecture], justify="right", no_wrap=True)
    for cells in _rows(plan):
        table.add_row(*cells)
    console.print(table)
    for found in plan.architectures:
        for line in _lines(found, validation):
            console.print(line, **PLAIN)
    console.print(f"The simulation, validated: {names.shares(validation)}.", **PLAIN)


def _rows(plan: LoadPlan) -> Iterator[tuple[str, ...]]:
    replicas = [
        {names.process(it.process): it.replicas for it in found.processes}
        for found in plan.architectures
    ]
    for name in sorted({name for one in replicas for name in one}):
        yield (f"replicas, {name}", *(str(one.get(name, NONE)) for one in replicas))
    for name, cell in ROWS:
        yield (name, *map(cell, plan.architectures))


def _lines(found: ArchitecturePlan, validation: Validation) -> Iterator[str]:
    side = names.SIDES[found.architecture]
    yield f"{side}: the first limit is {names.first_limit(found)}."
    for limit in found.limits:
        parts = f"; this load needs {limit.parts} of it" if limit.parts > 1 else ""
        yield (
            f"  {names.LIMITS[limit.name]}: {number(limit.per_second, 0)}/s{parts}. "
            f"Moved by {names.MOVED_BY[limit.name]}."
        )
    error = percent(validation.stated_error[found.architecture], 1)
    yield f"  Scaled by hand: {names.hand(found.hand_check)} (stated error {error})."
