"""The first page of a comparison of several experiments: the answer of each, in one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, geometric_mean
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import formats
from benchmarks.report.template_environment import environment
from benchmarks.results_model.claims import RatioClaim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.faults import DifferenceClaim

MONOLITH, SERVICES = "monolith", "microservices"
VERDICT_CLASSES = {"supported": "holds", "not supported": "fails"}


@dataclass(frozen=True, slots=True)
class Row:
    """A claim as a row: both sides' values and their ratio or difference, as texts."""

    statement: str
    measure: str
    monolith: str
    services: str
    compared: str  # the ratio or the difference
    of: str  # which is divided by, or subtracted from, which
    interval: str
    verdict: str
    verdict_class: str


@dataclass(frozen=True, slots=True)
class Part:
    """An experiment of the comparison, and its claims; the first row is its answer."""

    name: str
    title: str
    status: str
    rows: tuple[Row, ...]


def part_of(document: ResultsDocument) -> Part:
    """Return the part of an experiment's results document."""
    return Part(
        name=document.experiment,
        title=document.results.title,
        status=document.run.status,
        rows=tuple(_row(claim) for claim in document.results.claims),
    )


def render(
    parts: Sequence[Part], *, missing: Sequence[str], run: Mapping[str, Any], cpu: str
) -> str:
    """Return the page. `missing` are the experiments that haven't begun; `cpu` is the model."""
    template = environment().get_template("overview.html.j2")
    return template.render(parts=parts, missing=missing, run=run, cpu=cpu)


def show(parts: Sequence[Part], console: Console) -> None:
    """Print the answers as a table."""
    table = Table(title="The comparison")
    table.add_column("question", overflow="fold")
    for heading in ("monolith", "services", "compared", "95 % interval", "verdict"):
        table.add_column(heading, no_wrap=True)
    for part in parts:
        for row in part.rows[:1]:
            cells = (row.monolith, row.services, row.compared, row.interval, row.verdict)
            table.add_row(f"{part.title} ({row.of})", *cells)
    console.print(table)


def _row(claim: RatioClaim | DifferenceClaim) -> Row:
    first, second = (
        _middle([getattr(block, side) for block in claim.blocks], claim)
        for side in ("first", "second")
    )
    if isinstance(claim, RatioClaim):
        compared, interval = formats.number(claim.ratio, 3), formats.interval(claim)
    else:
        compared = _difference(claim.difference, claim.unit)
        interval = formats.NONE
        if claim.low is not None:
            ends = (_difference(end, claim.unit) for end in (claim.low, claim.high))
            interval = " to ".join(ends)
    # The first side's name leads the description of what is compared. Some claims compare two ways
    # of working instead of the architectures.
    sides, of = (formats.NONE, formats.NONE), f"{claim.of}: {first} and {second}"
    if claim.of.startswith(MONOLITH):
        sides, of = (first, second), claim.of
    elif claim.of.startswith(SERVICES):
        sides, of = (second, first), claim.of
    return Row(
        statement=claim.statement,
        measure=claim.measure,
        monolith=sides[0],
        services=sides[1],
        compared=compared,
        of=of,
        interval=interval,
        verdict=formats.verdict(claim.verdict),
        verdict_class=VERDICT_CLASSES.get(formats.verdict(claim.verdict), "open"),
    )


def _middle(values: Sequence[float], claim: RatioClaim | DifferenceClaim) -> str:
    """Return the mean over blocks that fits the claim: geometric for a ratio, where it exists."""
    if not values:
        return formats.NONE
    is_geometric = isinstance(claim, RatioClaim) and min(values) > 0
    value = geometric_mean(values) if is_geometric else fmean(values)
    return (
        formats.percent(value, 1) if claim.unit == "share" else formats.measured(value, claim.unit)
    )


def _difference(value: float | None, unit: str) -> str:
    if value is None:
        return formats.NONE
    if unit == "share":
        return f"{formats.number(value * 100, 1)} points"
    return f"{formats.number(value, 2)} {unit}"
