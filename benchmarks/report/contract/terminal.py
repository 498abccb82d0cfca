"""The summary in the terminal: stopped changes by gate, claims, and wrong outcomes."""

from rich.console import Console

from benchmarks.report.terminal import PLAIN, show_claim
from benchmarks.results_model.contract import ContractResults


def show(found: ContractResults, console: Console) -> None:
    """Print the summary of the experiment."""
    for architecture, counts in found.counts.items():
        breaking, compatible = counts.breaking, counts.compatible
        gates = ", ".join(f"{name} {amount}" for name, amount in breaking.by_gate.items())
        console.print(
            f"{architecture}: {breaking.stopped} of {breaking.offered} breaking changes "
            f"stopped ({gates}), {compatible.stopped} of {compatible.offered} compatible "
            "ones stopped wrongly",
            **PLAIN,
        )
    for claim in found.claims:
        show_claim(claim, console)
    for change in found.changes:
        for architecture, side in change.sides.items():
            stopped = [gate.gate for gate in side.gates if gate.stops]
            if bool(stopped) != (change.kind == "breaking"):
                outcome = f"stopped by {', '.join(stopped)}" if stopped else "stopped by nothing"
                console.print(
                    f"Wrong: {change.name} ({change.kind}, {architecture}) is {outcome}",
                    **PLAIN,
                )
