"""A record of one test of one row: its figures, the limits, and the violations that were found.

Each repetition of a test leaves one JSON file, green or red. `collect` joins them into the one
document that the page of the docs is made from.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.oracle import VIOLATION_KINDS, Violation

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Measurement:
    """One figure; `limit` is the most that it may be, None where there is no limit."""

    name: str
    value: float
    unit: str
    limit: float | None = None


@dataclass
class Record:
    """The outcome of one repetition of one test of a row."""

    row: str
    architecture: str
    test: str
    case: str
    repetition: int
    commit: str
    seed: int
    passed: bool = False
    seconds: float = 0.0
    figures: list[Measurement] = field(default_factory=list)
    violations: dict[str, int] = field(default_factory=dict)
    reason: str = ""

    def at_most(self, name: str, value: float, limit: float, unit: str = "s") -> None:
        """Record a figure. AssertionError if it is above its limit."""
        self.figures.append(Measurement(name, round(value, 3), unit, limit))
        assert value <= limit, f"{name}: {value:.3f} {unit}, more than {limit:g}"  # noqa: S101

    def note(self, name: str, value: float, unit: str = "") -> None:
        """Record a figure without a limit."""
        self.figures.append(Measurement(name, round(value, 3), unit))

    def kept(self, violations: Iterable[Violation]) -> None:
        """Record the oracle's violations. AssertionError if there is any."""
        found = list(violations)
        counts = Counter(violation.kind for violation in found)
        self.violations = {kind: counts[kind] for kind in VIOLATION_KINDS}
        assert found == [], [str(violation) for violation in found[:20]]  # noqa: S101

    def write(self, folder: Path) -> None:
        """Write the record to a file below `folder`, atomically."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / record_name(
            self.row, self.architecture, self.test, self.case, self.repetition
        )
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        fresh.replace(path)


def record_name(row: str, architecture: str, test: str, case: str, repetition: int) -> str:
    """Return the file name of the record of one repetition."""
    label = f"{row}--{architecture}--{test}--{case or 'only'}--{repetition}"
    return re.sub(r"[^\w.-]", "-", label) + ".json"


def is_recorded(path: Path, commit: str) -> bool:
    """Return whether a file is the record of a test on this commit.

    A tree with changes is no commit ("") and has none: what it holds may have been edited since.
    """
    if not (commit and path.exists()):
        return False
    return bool(json.loads(path.read_text(encoding="utf-8"))["commit"] == commit)


def read_records(folder: Path) -> list[dict[str, Any]]:
    """Return all records of a folder, in the order of their names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def collect(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return one entry for each row, architecture, test and case, from its repetitions.

    A figure's `values` are those of the repetitions, in order. Raises ValueError for records of
    several commits, or of changes that no commit has.
    """
    records = list(records)
    commits = {record["commit"] for record in records}
    if len(commits) > 1 or "" in commits:
        message = (
            "The records are of several commits, or of uncommitted changes: remove those that "
            "aren't of the commit to be documented, and run their tests again."
        )
        raise ValueError(message)
    joined: dict[tuple[str, ...], dict[str, Any]] = {}
    for record in records:
        names = ("row", "architecture", "test", "case")
        entry = joined.setdefault(
            tuple(record[name] for name in names),
            {name: record[name] for name in names}
            | {"repetitions": 0, "passed": 0, "figures": {}, "violations": {}, "reasons": []},
        )
        entry["repetitions"] += 1
        entry["passed"] += record["passed"]
        entry["commit"] = record["commit"]
        if record["reason"] and record["reason"] not in entry["reasons"]:
            entry["reasons"].append(record["reason"])
        for measured in record["figures"]:
            figure = entry["figures"].setdefault(
                measured["name"],
                {"unit": measured["unit"], "limit": measured["limit"], "values": []},
            )
            figure["values"].append(measured["value"])
        for kind, count in record["violations"].items():
            entry["violations"][kind] = entry["violations"].get(kind, 0) + count
    return {"schema_version": SCHEMA_VERSION, "tests": list(joined.values())}
