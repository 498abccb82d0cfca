"""The end of a run in the terminal: a table, the verdicts, what voids or weakens them."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import wording

PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}


def show(results: Mapping[str, Any], console: Console) -> None:
    """Print the summary of a results document."""
    scaling = results["experiments"]["scaling"]
    console.print(_table(scaling))
    for claim in scaling["claims"]:
        console.print(claim["says"], style="dim", **PLAIN)
        interval = ""
        if claim["low"] is not None:
            interval = f" [{claim['low']:.3f} to {claim['high']:.3f}, 95 %]"
        ratio = wording.NONE if claim["ratio"] is None else f"{claim['ratio']:.3f}"
        console.print(
            f"  {claim['verdict']}: {claim['first_arm']} ÷ {claim['second_arm']} = "
            f"{ratio}{interval}; {claim['method']}",
            **PLAIN,
        )
    for trial in scaling["trials"]:
        if trial["void"]:
            console.print(f"Void: {trial['name']}: {'; '.join(trial['void'])}", **PLAIN)
    for warning in wording.warnings(results):
        console.print(f"Mind: {warning}", **PLAIN)


def _table(scaling: Mapping[str, Any]) -> Table:
    arms = scaling["arms"]
    table = Table(title=scaling["title"], title_justify="left")
    table.add_column("")
    for arm in arms:
        table.add_column(arm, justify="right")
    rows: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "trials that count": lambda arm: str(arm["counted_trials"]),
        "CPU-ms per submission": lambda arm: wording.number(arm["cpu_ms_per_submission"], 1),
        "capacity, submissions/s": lambda arm: wording.number(arm["capacity"], 2),
        "errors": lambda arm: str(sum(level["errors"] for level in arm["levels"])),
        "memory under load, MiB": lambda arm: wording.mib(
            sum(part["loaded_bytes"] for part in arm["memory_parts"])
        ),
    }
    for name, value in rows.items():
        table.add_row(name, *(value(arm) for arm in arms.values()))
    for users in scaling["levels"]:
        cells = []
        for arm in arms.values():
            found = [level for level in arm["levels"] if level["users"] == users]
            cells.append(_level(found[0]) if found else wording.NONE)
        table.add_row(f"{users} user{'s' if users > 1 else ''}: ready/s, p50, p95 ms", *cells)
    return table


def _level(level: Mapping[str, Any]) -> str:
    ready = level["ready_ms"]
    return (
        f"{wording.number(level['throughput']['mean'], 2)}  "
        f"{wording.ms(ready['p50'])}  {wording.ms(ready['p95'])}"
    )
