"""The summary in the terminal: a line for each fault, the verdicts, and data loss."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.report.faults.page import since, warnings
from benchmarks.report.formats import percent
from benchmarks.report.terminal import PLAIN, show_claim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.faults import FaultsResults, KeptClaim
from benchmarks.results_model.faults_figures import FaultsArm, FaultsSweep


def show(document: ResultsDocument, found: FaultsResults, console: Console) -> None:
    """Print the summary of the experiment."""
    for sweep in found.sweeps:
        for arm in sweep.arms:
            console.print(_table(sweep, arm, found.features))
    for claim in found.claims:
        show_claim(claim, console)
    _show_kept(found.kept, console)
    for trial in found.trials:
        if trial.void:
            console.print(f"Void: {trial.name}: {'; '.join(trial.void)}", **PLAIN)
    for warning in warnings(document, found):
        console.print(f"Warning: {warning}", **PLAIN)


def _table(sweep: FaultsSweep, arm: FaultsArm, features: Sequence[str]) -> Table:
    title = f"{arm.name}. {sweep.title}: available during each fault"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name in (*features, "mean", "works after", "as quick after"):
        table.add_column(name, justify="right")
    for fault in arm.faults:
        shares = [fault.features[feature].during.share for feature in features]
        cells = [percent(share) for share in (*shares, fault.mean)]
        table.add_row(fault.component, *cells, since(fault.recovered), since(fault.normal))
    return table


def _show_kept(kept: KeptClaim, console: Console) -> None:
    console.print(kept.statement, style="dim", **PLAIN)
    sides = "; ".join(
        f"{name}: {side.lost} lost, {side.doubled} doubled of {side.accepted} accepted"
        for name, side in kept.sides.items()
    )
    console.print(f"  {kept.verdict}: {sides}", **PLAIN)
