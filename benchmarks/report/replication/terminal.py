"""Two runs in the terminal: the conditions that differ, the claims, and differing verdicts."""

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import claim_texts, formats
from benchmarks.report.replication.paired_claims import PairedClaim
from benchmarks.report.replication.pairs import ExperimentPair, Replication
from benchmarks.results_model.claims import JudgedClaim

PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}
SHOWN = "load"  # the sweep whose arms are printed


def show(found: Replication, console: Console) -> None:
    """Print the conditions that differ, the claims, the arms of the load sweep, the verdicts."""
    for experiment in found.experiments:
        for condition in experiment.conditions:
            if condition.differs:
                console.print(
                    f"{experiment.name} differs: {condition.name}: {condition.first} | "
                    f"{condition.second}",
                    **PLAIN,
                )
    console.print(_claims(found))
    for experiment in found.experiments:
        if any(row.sweep == SHOWN for row in experiment.arms):
            console.print(_arms(found, experiment))
    for name in found.missing:
        console.print(f"Only one of the runs has {name}.", **PLAIN)
    for claim in found.disagreeing:
        console.print(f"{_disagreement(claim)}", **PLAIN)
    console.print(found.summary, **PLAIN)


def _claims(found: Replication) -> Table:
    table = Table(title="Claims", title_justify="left")
    for column in ("", found.first, found.second, "intervals", "verdicts"):
        table.add_column(column)
    for claim in found.claims:
        outcomes = map(_cell, (claim.first, claim.second))
        statement = f"{claim.experiment}: {claim.known.statement}"
        table.add_row(statement, *outcomes, claim.intervals, str(claim.agreement))
    return table


def _cell(claim: JudgedClaim | None) -> str:
    if claim is None:
        return "not in this run"
    interval = "" if claim.low is None else f" [{claim_texts.interval(claim, claim)}]"
    value = claim_texts.compared(claim.value, claim)
    return f"{value}{interval} {claim_texts.verdict(claim)}"


def _arms(found: Replication, experiment: ExperimentPair) -> Table:
    table = Table(title=f"Arms, {SHOWN}", title_justify="left")
    for column in ("", "", found.first, found.second, "second ÷ first"):
        table.add_column(column, justify="left" if not column else "right")
    for row in experiment.arms:
        if row.sweep == SHOWN:
            both = (formats.number(value, row.digits) for value in (row.first, row.second))
            table.add_row(row.arm, row.measure, *both, formats.number(row.ratio, 3))
    return table


def _disagreement(claim: PairedClaim) -> str:
    first, second = (
        "" if it is None else claim_texts.verdict(it) for it in (claim.first, claim.second)
    )
    return (
        f"The verdict {claim.agreement}: {claim.experiment}, {claim.known.name}: {first} | {second}"
    )
