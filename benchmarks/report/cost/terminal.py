"""The table of a priced run in the terminal."""

from rich.console import Console
from rich.table import Table

from benchmarks.cost.document import CostDocument
from benchmarks.report import claim_texts
from benchmarks.report.cost import names
from benchmarks.report.terminal import PLAIN
from benchmarks.results_model.claims import JudgedClaim


def show(document: CostDocument, console: Console) -> None:
    """Print dollars a month by load, where costs cross, and the claims with their verdicts."""
    prices = document.prices
    title = f"Dollars a month by submissions a day ({prices.region}, {prices.date})"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("deployment", no_wrap=True)
    for row in document.deployments[0].rows:
        table.add_column(names.load(row.per_day), justify="right")
    for deployment in document.deployments:
        costs = (names.dollars(row.total) for row in deployment.rows)
        table.add_row(names.deployment(deployment.name), *costs)
    console.print(table)
    for crossing in document.crossings:
        first, second = map(names.deployment, (crossing.first, crossing.second))
        console.print(f"{first} | {second}: {names.crossing(crossing)}", **PLAIN)
    for peak in document.break_evens:
        console.print(names.break_even(peak), **PLAIN)
    for claim in document.claims:
        _show_claim(claim, console)
    console.print(prices.note, **PLAIN)


def _show_claim(claim: JudgedClaim, console: Console) -> None:
    """Print one claim with its verdict, both costs, the ratio and the reason."""
    first, second = names.dollars(claim.first), names.dollars(claim.second)
    ratio = claim_texts.compared(claim.value, claim)
    console.print(claim.statement, style="dim", **PLAIN)
    console.print(
        f"  {claim_texts.verdict(claim)}: {first} ÷ {second} = {ratio} "
        f"({claim_texts.interval(claim, claim)}). {claim.reason}",
        **PLAIN,
    )
