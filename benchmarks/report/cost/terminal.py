"""The table of a priced run in the terminal."""

from rich.console import Console
from rich.table import Table

from benchmarks.cost.document import CostDocument
from benchmarks.report.cost import names
from benchmarks.report.terminal import PLAIN, show_claim


def show(document: CostDocument, console: Console) -> None:
    """Print dollars a month by load, where costs cross, and the claims with their verdicts."""
    prices = document.prices
    title = f"Dollars a month by submissions a day ({prices.region}, {prices.date})"
    table = Table(title=title, title_justify="left")
    table.add_column("deployment")
    for row in document.deployments[0].rows:
        table.add_column(names.load(row.per_day), justify="right")
    for it in document.deployments:
        table.add_row(names.deployment(it.name), *(names.dollars(row.total) for row in it.rows))
    console.print(table)
    for crossing in document.crossings:
        first, second = map(names.deployment, (crossing.first, crossing.second))
        console.print(f"{first} | {second}: {names.crossing(crossing)}", **PLAIN)
    for claim in document.claims:
        show_claim(claim, console)
    console.print(prices.note, **PLAIN)
