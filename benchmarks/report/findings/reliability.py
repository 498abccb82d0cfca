"""The page of the reliability tables: what both sides survive, from the rows and the records."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.report.findings.errors import require
from benchmarks.repository import REPOSITORY

SOAK = REPOSITORY / "benchmarks" / "results" / "example-reliability" / "soak.json"
MIB = 2**20
ROWS = Path(__file__).resolve().parents[2] / "reliability" / "rows.toml"
SIDES = ("monolith", "microservices")
TABLES = ("faults", "inputs", "attacks")
COUNTED = ("lost", "doubled", "leaked")
Row = Mapping[str, Any]
Test = Mapping[str, Any]


def context(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables and totals that the template needs of the joined records."""
    listed = tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"]
    tests = document["tests"]
    runs = sum(test["repetitions"] for test in tests)
    require("runs that passed", shown=sum(test["passed"] for test in tests), assumed=runs)
    return {
        "tables": {name: table(name, listed, tests) for name in TABLES},
        "rows": len(listed),
        "runs": runs,
        "soak": soak_of(json.loads(SOAK.read_text(encoding="utf-8"))),
        "elsewhere": len(
            {path for row in listed for side in SIDES for path in _elsewhere(row, side)}
        ),
        "violations": {
            name: sum(test["violations"].get(name, 0) for test in tests) for name in COUNTED
        },
    }


def soak_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return each side's requests, and the memory of its processes early and late in the load."""
    soaks = document["soaks"]
    require(
        "problems of the soak", shown=[it for soak in soaks for it in soak["problems"]], assumed=[]
    )
    return {
        "commit": document["commit"],
        "minutes": round(soaks[0]["seconds"] / 60),
        "users": soaks[0]["users"],
        "sides": [
            {
                "name": soak["architecture"],
                "requests": soak["requests"],
                "failures": soak["failures"],
                "memory": [_memory(it) for it in soak["growth"] if it["measure"] == "memory_bytes"],
            }
            for soak in soaks
        ],
    }


def _memory(growth: Mapping[str, Any]) -> dict[str, Any]:
    before, after = growth["before"] / MIB, growth["after"] / MIB
    share = round(after / before - 1, 3)
    sign = "\u2212" if share < 0 else "+" if share else ""
    return {
        "process": growth["process"].removesuffix("-1"),
        "before": f"{before:.1f}",
        "after": f"{after:.1f}",
        "growth": f"{sign}{abs(share) * 100:.1f} %",
    }


def table(name: str, listed: Sequence[Row], tests: Sequence[Test]) -> list[dict[str, Any]]:
    """Return the rows of one table, each with its verdict and its tests. KeyError without rows."""
    chosen = [row for row in listed if row["table"] == name]
    if not chosen:
        raise KeyError(name)
    found = []
    for row in chosen:
        own = [test for test in tests if test["row"] == row["id"]]
        found.append(
            {
                "title": row["title"],
                "must": row["must"],
                "passed": _passed(row, own),
                "violations": _violations(own),
                "details": _details(row, own),
            }
        )
    return found


def _elsewhere(row: Row, side: str) -> list[str]:
    return [*row.get("both", ()), *row.get(side, ())]


def _passed(row: Row, tests: Sequence[Test]) -> str:
    """How many runs passed on each side, and how many tests other suites have."""
    sides = {side: _side(row, side, tests) for side in SIDES}
    if len(set(sides.values())) == 1:
        text = sides[SIDES[0]]
        return text if text == "no test yet" else f"{text} on each side"
    return "; ".join(f"{side} {text}" for side, text in sides.items())


def _side(row: Row, side: str, tests: Sequence[Test]) -> str:
    own = [test for test in tests if test["architecture"] == side]
    runs, passed = (sum(test[field] for test in own) for field in ("repetitions", "passed"))
    shown = []
    if runs:
        shown.append(f"{passed} of {runs}" if passed == runs else f"**{passed} of {runs}**")
    if elsewhere := len(_elsewhere(row, side)):
        shown.append(f"{elsewhere} in other suites")
    return ", ".join(shown) or "no test yet"


def _violations(tests: Sequence[Test]) -> str:
    """What the oracle found in all repetitions on both sides; "" where it found nothing."""
    counts = {name: sum(test["violations"].get(name, 0) for test in tests) for name in COUNTED}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _details(row: Row, tests: Sequence[Test]) -> list[str]:
    """The row's tests, each once, with what was measured on each side."""
    lines = []
    for name, case in dict.fromkeys((test["test"], test["case"]) for test in tests):
        runs = "; ".join(
            f"{side} {_run(test)}"
            for side in SIDES
            for test in tests
            if (test["test"], test["case"], test["architecture"]) == (name, case, side)
        )
        lines.append(f"`{name}`" + (f" ({case})" if case else "") + f": {runs}")
    folders: dict[str, list[str]] = {}
    for path in dict.fromkeys(path for side in SIDES for path in _elsewhere(row, side)):
        file, _, test = path.partition("::")
        folder = f"`{file.rpartition('/')[0]}`"
        if folder not in folders.setdefault(test, []):
            folders[test].append(folder)
    return [*lines, *(f"`{test}` in {' and '.join(found)}" for test, found in folders.items())]


def _run(test: Test) -> str:
    """How many repetitions passed, and the worst of each figure that has a limit."""
    count = f"{test['passed']} of {test['repetitions']}"
    passed = count if test["passed"] == test["repetitions"] else f"**{count}**"
    limited = [
        _figure(name, figure)
        for name, figure in test["figures"].items()
        if figure["limit"] is not None
    ]
    return ", ".join([passed, *limited])


def _figure(name: str, figure: Mapping[str, Any]) -> str:
    unit = f" {figure['unit']}" if figure["unit"] else ""
    return f"{name} {_number(max(figure['values']))}{unit} (≤ {_number(figure['limit'])})"


def _number(value: float) -> str:
    """Three digits or so: one run measures no more exactly than that."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2  # noqa: PLR2004 - three digits
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text
