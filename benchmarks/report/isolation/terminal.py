"""The summary in the terminal: the suites, the verdicts, and faults that no test found."""

from rich.console import Console
from rich.table import Table

from benchmarks.report import formats
from benchmarks.report.terminal import PLAIN, show_claim
from benchmarks.results_model.isolation import IsolationResults


def show(found: IsolationResults, console: Console) -> None:
    """Print the summary of the experiment."""
    console.print(_suites(found))
    for architecture, caught in found.caught.items():
        counts = ", ".join(f"{amount} {how}" for how, amount in caught.items() if amount)
        console.print(f"{architecture}: of {len(found.faults)} faults {counts}", **PLAIN)
    for claim in found.claims:
        show_claim(claim, console)
    for fault in found.faults:
        for architecture, side in fault.sides.items():
            if side.caught == "by nothing":
                console.print(f"No test finds {fault.name} ({architecture})", **PLAIN)


def _suites(found: IsolationResults) -> Table:
    table = Table(
        title="The suites, each in a folder of its own, without a fault", title_justify="left"
    )
    table.add_column("")
    for head in ("tests", "seconds", "alone", "CPU-s", "packages", "starts"):
        table.add_column(head, justify="right")
    for suite in found.suites:
        tiers = suite.tiers.values()
        table.add_row(
            suite.name,
            str(sum(tier.tests for tier in tiers)),
            formats.number(sum(tier.seconds for tier in tiers), 0),
            formats.number(suite.alone.seconds, 0) if suite.alone else formats.NONE,
            formats.number(sum(tier.cpu_seconds or 0 for tier in tiers), 0),
            str(suite.packages or formats.NONE),
            str(len(suite.backing)),
        )
    return table
