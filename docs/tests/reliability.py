"""The tables of the page `reliability.md`, made from the rows and from the records of a run.

The rows are `benchmarks/reliability/rows.toml`; what was measured is in
`benchmarks/results/example-reliability/reliability.json`. Each table stands between
`<!-- reliability: NAME -->` and `<!-- /reliability -->`. Run as a program this writes them anew.
"""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
ROWS = ROOT / "benchmarks" / "reliability" / "rows.toml"
RECORDS = ROOT / "benchmarks" / "results" / "example-reliability" / "reliability.json"
SIDES = ("monolith", "microservices")
COUNTED = ("lost", "doubled", "leaked")
_BLOCK = re.compile(
    r"(?P<begin><!-- reliability: (?P<name>\w+) -->\n).*?(?P<end><!-- /reliability -->)", re.DOTALL
)


def refreshed(text: str) -> str:
    """The page with the tables as the records have them."""
    rows, tests = read()
    return _BLOCK.sub(
        lambda it: it["begin"] + table(it["name"], rows, tests) + it["end"],
        text,
    )


def read() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows and the joined records."""
    rows: list[dict[str, Any]] = tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"]
    tests: list[dict[str, Any]] = json.loads(RECORDS.read_text(encoding="utf-8"))["tests"]
    return rows, tests


def table(name: str, rows: list[dict[str, Any]], tests: list[dict[str, Any]]) -> str:
    """One table of verdicts, and below it the tests of each row. KeyError without rows."""
    chosen = [row for row in rows if row["table"] == name]
    if not chosen:
        raise KeyError(name)
    lines = [
        "| what happens | must be observed | monolith | microservices | lost, doubled, leaked |",
        "| --- | --- | --- | --- | --- |",
    ]
    details = ["", "The tests of each row:", ""]
    for row in chosen:
        own = [it for it in tests if it["row"] == row["id"]]
        sides = [
            _verdict(row, side, [it for it in own if it["architecture"] == side]) for side in SIDES
        ]
        lines.append(f"| {row['title']} | {row['must']} | {' | '.join(sides)} | {_counted(own)} |")
        details += _details(row, own)
    return "\n".join(lines + details) + "\n"


def _verdict(row: dict[str, Any], side: str, tests: list[dict[str, Any]]) -> str:
    """How many runs of the fault suite's tests passed, and how many tests other suites have."""
    runs = sum(it["repetitions"] for it in tests)
    passed = sum(it["passed"] for it in tests)
    elsewhere = len([*row.get("both", ()), *row.get(side, ())])
    shown = []
    if runs:
        shown.append(f"{passed} of {runs} green" if passed == runs else f"**{passed} of {runs}**")
    if elsewhere:
        shown.append(f"{elsewhere} in other suites")
    return ", ".join(shown) or "no test yet"


def _details(row: dict[str, Any], tests: list[dict[str, Any]]) -> list[str]:
    """The row's tests, each once, with what was measured on each side."""
    lines = []
    for name, case in dict.fromkeys((it["test"], it["case"]) for it in tests):
        lines.append(f"  - `{name}`" + (f", {case}" if case else ""))
        for side in SIDES:
            lines += [
                f"    - {side}: {_run(it)}"
                for it in tests
                if (it["test"], it["case"], it["architecture"]) == (name, case, side)
            ]
    folders: dict[str, list[str]] = {}
    for path in [*row.get("both", ()), *(it for side in SIDES for it in row.get(side, ()))]:
        file, _, test = path.partition("::")
        folder = f"`{file.rpartition('/')[0]}`"
        if folder not in folders.setdefault(test, []):
            folders[test].append(folder)
    lines += [f"  - `{test}` in {' and '.join(found)}" for test, found in folders.items()]
    return [f"- **{row['title']}**", *lines] if lines else []


def _run(test: dict[str, Any]) -> str:
    """The verdict over the repetitions, and the worst of each figure."""
    green = f"{test['passed']} of {test['repetitions']} green"
    verdict = green if test["passed"] == test["repetitions"] else f"**red**, {green}"
    return "; ".join([verdict, *(_figure(name, it) for name, it in test["figures"].items())])


def _figure(name: str, figure: dict[str, Any]) -> str:
    worst, limit = max(figure["values"]), figure["limit"]
    unit = f" {figure['unit']}" if figure["unit"] else ""
    bound = "" if limit is None else f" (≤ {_number(limit)})"
    return f"{name} {_number(worst)}{unit}{bound}"


def _number(value: float) -> str:
    """Three digits or so: what one run measures is no more exact than that."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _counted(tests: list[dict[str, Any]]) -> str:
    """The violations of all repetitions on both sides; "-" where the oracle wasn't applied."""
    judged = [it["violations"] for it in tests if it["violations"]]
    if not judged:
        return "-"
    return ", ".join(str(sum(it.get(kind, 0) for it in judged)) for kind in COUNTED)


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8")
    after = refreshed(before)
    if after != before:
        PAGE.write_text(after, encoding="utf-8")
        sys.stdout.write(f"{PAGE.name}: tables renewed\n")
