"""The first page of a comparison of several experiments: the answer of each, in one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean, mean
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import formats
from benchmarks.report.page import VERDICT_CLASSES
from benchmarks.report.template_environment import environment

MONOLITH = "monolith"


@dataclass(frozen=True, slots=True)
class Row:
    """A claim as a row: both sides' values and their ratio or difference, as texts."""

    sentence: str
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


def part_of(name: str, results: Mapping[str, Any]) -> Part:
    """Return the part of an experiment's results document."""
    experiment = results["experiments"][name]
    return Part(
        name=name,
        title=experiment["title"],
        status=results["run"]["status"],
        rows=tuple(_row(claim) for claim in experiment["claims"]),
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
    for heading in ("question", "monolith", "services", "compared", "95 % interval", "verdict"):
        table.add_column(heading, overflow="fold")
    for part in parts:
        for row in part.rows[:1]:
            table.add_row(
                part.title,
                row.monolith,
                row.services,
                f"{row.compared} ({row.of})",
                row.interval,
                row.verdict,
            )
    console.print(table)


def _row(claim: Mapping[str, Any]) -> Row:
    is_ratio = "ratio" in claim
    middle = geometric_mean if is_ratio else mean
    first, second = (_value(claim, side, middle) for side in ("first", "second"))
    # The name of the first side leads the description of what is compared.
    sides = (first, second) if claim["of"].startswith(MONOLITH) else (second, first)
    if is_ratio:
        compared = formats.number(claim["ratio"], 3)
        interval = formats.interval(claim)
    else:
        compared = _difference(claim["difference"], claim["unit"])
        ends = (_difference(claim[it], claim["unit"]) for it in ("low", "high"))
        interval = " to ".join(ends) if claim["low"] is not None else formats.NONE
    return Row(
        sentence=claim["says"],
        measure=claim["measure"],
        monolith=sides[0],
        services=sides[1],
        compared=compared,
        of=claim["of"],
        interval=interval,
        verdict=formats.verdict(claim["verdict"]),
        verdict_class=VERDICT_CLASSES.get(claim["verdict"], "open"),
    )


def _value(claim: Mapping[str, Any], side: str, middle: Any) -> str:
    values = [block[side] for block in claim["blocks"]]
    if not values:
        return formats.NONE
    if min(values) <= 0:
        middle = mean
    value = middle(values)
    return formats.percent(value, 1) if claim["unit"] == "share" else _measured(value, claim)


def _measured(value: float, claim: Mapping[str, Any]) -> str:
    return formats.measured(value, claim["unit"])


def _difference(value: float | None, unit: str) -> str:
    if value is None:
        return formats.NONE
    if unit == "share":
        return f"{formats.number(value * 100, 1)} points"
    return f"{formats.number(value, 2)} {unit}"
