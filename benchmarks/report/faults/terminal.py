"""The summary in the terminal: a line for each fault, the verdicts, and data loss."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report.documents import experiment_of
from benchmarks.report.faults.page import difference, since, warnings
from benchmarks.report.formats import percent
from benchmarks.report.terminal import PLAIN


def show(results: Mapping[str, Any], console: Console) -> None:
    """Print the summary of a document that has passed `schema.check`."""
    found = experiment_of(results)
    for sweep in found["sweeps"]:
        for arm in sweep["arms"]:
            console.print(_table(sweep, arm, found["features"]))
    for claim in found["claims"]:
        _show_claim(claim, console)
    _show_kept(found["kept"], console)
    for trial in found["trials"]:
        if trial["void"]:
            console.print(f"Void: {trial['name']}: {'; '.join(trial['void'])}", **PLAIN)
    for warning in warnings(results):
        console.print(f"Warning: {warning}", **PLAIN)


def _table(sweep: Mapping[str, Any], arm: Mapping[str, Any], features: list[str]) -> Table:
    title = f"{arm['name']}. {sweep['title']}: available during each fault"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name in (*features, "mean", "recovered after"):
        table.add_column(name, justify="right")
    for fault in arm["faults"]:
        shares = [fault["features"][feature]["during"]["share"] for feature in features]
        cells = [percent(share) for share in (*shares, fault["mean"])]
        table.add_row(fault["component"], *cells, since(fault["recovered"]))
    return table


def _show_claim(claim: Mapping[str, Any], console: Console) -> None:
    console.print(claim["says"], style="dim", **PLAIN)
    unit = claim["unit"]
    interval = ""
    if claim["low"] is not None:
        low, high = (difference(claim[end], unit) for end in ("low", "high"))
        interval = f" [{low} to {high}, {claim['confidence']:.0%}]"
    console.print(
        f"  {claim['verdict']}: {claim['of']} = {difference(claim['difference'], unit)}{interval}; "
        f"{claim['method']}",
        **PLAIN,
    )


def _show_kept(kept: Mapping[str, Any], console: Console) -> None:
    console.print(kept["says"], style="dim", **PLAIN)
    sides = "; ".join(
        f"{name}: {side['lost']} lost, {side['doubled']} doubled of {side['accepted']} accepted"
        for name, side in kept["sides"].items()
    )
    console.print(f"  {kept['verdict']}: {sides}", **PLAIN)
