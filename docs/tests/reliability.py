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
    """One table, with a column for each architecture. KeyError for a table without rows."""
    chosen = [row for row in rows if row["table"] == name]
    if not chosen:
        raise KeyError(name)
    lines = [
        "| what happens | must be observed | monolith | microservices | lost, doubled, leaked |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in chosen:
        own = [it for it in tests if it["row"] == row["id"]]
        sides = [
            _side(row, side, [it for it in own if it["architecture"] == side]) for side in SIDES
        ]
        lines.append(f"| {row['title']} | {row['must']} | {' | '.join(sides)} | {_counted(own)} |")
    return "\n".join(lines) + "\n"


def _side(row: dict[str, Any], side: str, tests: list[dict[str, Any]]) -> str:
    shown = [_test(it) for it in tests]
    elsewhere = [*row.get("both", ()), *row.get(side, ())]
    shown += [f"`{name.rpartition('::')[2]}`, in `{name.rpartition('/')[0]}`" for name in elsewhere]
    return "<br>".join(shown) or "no test yet"


def _test(test: dict[str, Any]) -> str:
    """A test's name, its verdict over the repetitions, and the worst of each figure."""
    case = f" {test['case']}" if test["case"] else ""
    verdict = f"{test['passed']} of {test['repetitions']} green"
    figures = ", ".join(_figure(name, it) for name, it in test["figures"].items())
    failures = "" if test["passed"] == test["repetitions"] else " **red**"
    return f"`{test['test']}`{case}:{failures} {verdict}" + (f"; {figures}" if figures else "")


def _figure(name: str, figure: dict[str, Any]) -> str:
    worst, limit = max(figure["values"]), figure["limit"]
    unit = f" {figure['unit']}" if figure["unit"] else ""
    bound = "" if limit is None else f" (≤ {limit:g})"
    return f"{name} {worst:g}{unit}{bound}"


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
