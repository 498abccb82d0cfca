"""The outcome of a self-check: whether everything planted was found, and a table of it."""

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.selfcheck import resampling
from benchmarks.selfcheck.pages import ALARM_LIMIT

FOUND_SHARE = 0.9  # of the simulated runs


def passed(document: dict[str, Any]) -> bool:
    """Return whether all planted faults and differences were found, and nothing else."""
    found = all(outcome["found"] for outcome in document["injected_faults"])
    measured, pages = document["series"], document["pages"]
    if measured is None:
        return found
    return (
        found
        and measured["bias"]["low"] <= 1 <= measured["bias"]["high"]
        and measured["false_alarms"] <= resampling.MOST_FALSE_ALARMS
        and abs(measured["slowed_ratio"] - 1 - measured["planted_share"]) <= resampling.SIZE_MISS
        and measured["hits"] >= resampling.FEWEST_FOUND
        and max(pages["false_alarms"].values()) <= ALARM_LIMIT * pages["pages"]
        and all(_is_found(planted, pages["pages"]) for planted in pages["planted"])
    )


def _is_found(planted: dict[str, Any], pages: int) -> bool:
    """Return whether simulated runs find it; of seconds, whether all blocks measure as many."""
    measured = planted["measured"]
    if measured is None:
        return bool(planted["supported"] >= FOUND_SHARE * pages)
    return bool(0 < measured["low"] <= planted["seconds"] <= measured["high"])


def show(document: dict[str, Any], console: Console) -> None:
    """Print what was planted, what was reported, and whether that is right."""
    table = Table("planted", "reported", "found", title="Self-check", title_justify="left")
    for outcome in document["injected_faults"]:
        reported = "; ".join(outcome["reasons"]) or "counts"
        table.add_row(outcome["planted"], reported, _yes(outcome["found"]))
    if document["series"] is not None:
        _show_series(document["series"], table)
        _show_pages(document["pages"], table)
    console.print(table)


def _yes(is_right: bool) -> str:
    return "yes" if is_right else "NO"


def _show_series(measured: dict[str, Any], table: Table) -> None:
    compared = f"{measured['comparisons']} comparisons of {measured['comparison_blocks']} blocks"
    table.add_row(
        "nothing: the same against the same",
        f"a difference in {measured['false_alarms']} of {compared}",
        _yes(measured["false_alarms"] <= resampling.MOST_FALSE_ALARMS),
    )
    table.add_row(
        f"{measured['planted_share']:.0%} more CPU",
        f"more in {measured['hits']} of {compared}; ratio {measured['slowed_ratio']:.3f}",
        _yes(measured["hits"] >= resampling.FEWEST_FOUND),
    )
    bias = measured["bias"]
    table.add_row(
        "nothing, over all blocks",
        f"ratio {bias['ratio']:.3f} [{bias['low']:.3f} to {bias['high']:.3f}]",
        _yes(bias["low"] <= 1 <= bias["high"]),
    )
    for name, effect in measured["smallest_effects"].items():
        if effect is not None:
            table.add_row("", f"{name} finds effects from {effect:.1%} on", "")


def _show_pages(found: dict[str, Any], table: Table) -> None:
    total = found["pages"]
    for experiment, count in found["false_alarms"].items():
        table.add_row(
            f"nothing, in whole quick runs of {experiment}",
            f"any claim decided in {count} of {total}",
            _yes(count <= ALARM_LIMIT * total),
        )
    table.add_row(
        "nothing, in whole quick comparisons",
        f"any claim of any experiment decided in {found['any_false_alarm']} of {total}",
        "",
    )
    for planted in found["planted"]:
        measured = planted["measured"]
        seconds = ""
        if measured is not None:
            low, high = measured["low"], measured["high"]
            seconds = f"{measured['mean']:.2f} s [{low:.2f} to {high:.2f}]; "
        runs = f"{planted['claim']} supported in {planted['supported']} of {total} quick runs"
        table.add_row(planted["what"], seconds + runs, _yes(_is_found(planted, total)))
