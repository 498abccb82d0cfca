"""Figures and findings as text, the same in the page and in the terminal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

NONE = "\u2013"
NARROW_NO_BREAK = "\u202f"
STEAL_LIMIT = 0.02
_LABELS = {
    "postgres": "PostgreSQL",
    "valkey": "Valkey",
    "s3": "object store (S3)",
    "dynamodb": "DynamoDB emulator",
}


def label(kind: str) -> str:
    """A kind of process or part as people write it."""
    return _LABELS.get(kind, kind)


def number(value: float | None, digits: int = 1) -> str:
    """A number, or a dash where there is none."""
    return NONE if value is None else f"{value:,.{digits}f}".replace(",", NARROW_NO_BREAK)


def ms(value: float | None) -> str:
    """Milliseconds, with as many digits as mean something."""
    if value is None:
        return NONE
    return number(value, 0 if value >= 100 else 1)  # noqa: PLR2004 - three digits


def percent(share: float | None, digits: int = 0) -> str:
    """A share of 1 as a percentage."""
    return NONE if share is None else f"{share * 100:.{digits}f}{NARROW_NO_BREAK}%"


def mib(amount: float | None) -> str:
    """Bytes as MiB."""
    return NONE if amount is None else number(amount / 2**20, 0)


def moment(text: str | None) -> str:
    """A time of the results document for people."""
    return NONE if text is None else datetime.fromisoformat(text).strftime("%-d %B %Y, %H:%M UTC")


def span(run: Mapping[str, Any]) -> str:
    """How long a run took."""
    if run["finished_at"] is None:
        return NONE
    began, ended = (datetime.fromisoformat(run[key]) for key in ("started_at", "finished_at"))
    seconds = round((ended - began).total_seconds())
    return f"{seconds // 60} min {seconds % 60:02d} s"


def balance(trials: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Whether the run's numbers add up, over all trials."""
    ledgers = [trial["ledger"] for trial in trials if trial["ledger"]]
    void = [trial for trial in trials if trial["void"]]
    total = {key: sum(it[key] for it in ledgers) for key in ("accepted", "rows", "results")}
    return {
        **total,
        "failed": sum(it["rows_failed"] for it in ledgers),
        "trials": len(trials),
        "void": len(void),
        "balanced": all(
            it["accepted"] == it["rows"] == it["results"] + it["rows_failed"] for it in ledgers
        ),
    }


def warnings(results: Mapping[str, Any]) -> list[str]:
    """What a reader must know before believing the figures."""
    found = []
    run, scaling = results["run"], results["experiments"]["scaling"]
    if run["status"] != "complete":
        found.append(
            f"The run is not complete: {run['status'].rstrip('.')}. "
            "What was measured until then is shown."
        )
    levels = [level for trial in scaling["trials"] for level in trial["levels"]]
    if any(trial["disturbed"] for trial in scaling["trials"]):
        foreign = sum(level["foreign_cores"] for level in levels) / len(levels)
        disturbed = [trial["name"] for trial in scaling["trials"] if trial["disturbed"]]
        which = "all trials" if len(disturbed) == len(scaling["trials"]) else ", ".join(disturbed)
        found.append(
            f"Something else used {percent(foreign)} of the target's core in the windows. "
            "Throughput and latency tell of that too, CPU-ms are less sure, and these trials "
            f"have no capacity: {which}."
        )
    if levels:
        steal = sum(level["steal_share"] for level in levels) / len(levels)
        if steal > STEAL_LIMIT:
            found.append(
                f"The hypervisor took {percent(steal)} of the target's core in the windows."
            )
    unsaturated = [
        trial["name"]
        for trial in scaling["trials"]
        if not (trial["void"] or trial["saturated"] or trial["disturbed"])
    ]
    if unsaturated:
        found.append(
            "Not saturated, so without a capacity: "
            + ", ".join(unsaturated)
            + ". More users are needed."
        )
    if results["environment"].get("source", {}).get("changed"):
        found.append("The source had changes that were in no commit.")
    return found
