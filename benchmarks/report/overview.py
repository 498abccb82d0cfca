"""The first page of a comparison of several experiments: the answer of each, in one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import claim_texts, formats
from benchmarks.report.template_environment import environment
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.document import ResultsDocument

MONOLITH, SERVICES = "monolith", "microservices"


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
    words: str
    reason: str


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
        rows=tuple(row_of(claim) for claim in document.results.claims),
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


def row_of(claim: JudgedClaim) -> Row:
    """Return the row of a claim."""
    monolith, services = _columns(claim)
    of = claim.of
    if monolith == services == formats.NONE:
        of = f"{of}: {claim_texts.sides(claim)}"
    return Row(
        statement=claim.statement,
        measure=claim.measure,
        monolith=monolith,
        services=services,
        compared=claim_texts.compared(claim.value, claim),
        of=of,
        interval=claim_texts.interval(claim, claim),
        verdict=claim_texts.verdict(claim),
        verdict_class=claim_texts.verdict_class(claim),
        words=claim.words,
        reason=claim.reason,
    )


def _columns(claim: JudgedClaim) -> tuple[str, str]:
    """Return the values of the monolith and of the services; dashes where two others are compared.

    A side that is not the whole of an architecture has its name with its value.
    """
    sides = [(claim.first_side, claim.first), (claim.second_side, claim.second)]
    mine = [place for place, (name, _) in enumerate(sides) if name.startswith(MONOLITH)]
    if len(mine) != 1:
        return formats.NONE, formats.NONE
    monolith, services = sides[mine[0]], sides[1 - mine[0]]
    found = []
    for (name, value), whole in ((monolith, MONOLITH), (services, SERVICES)):
        text = formats.NONE if value is None else formats.measured(value, claim.unit)
        found.append(text if name == whole else f"{name}: {text}")
    return found[0], found[1]
