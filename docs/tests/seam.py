"""The differences between the two sides, and those that `docs/seam.md` shows.

Of the `submissions` packages the page shows every hunk. Of the other packages it has one row per
file, with the numbers of differing lines and the reason. Run as a program it prints what the page
lacks, ready to be pasted and explained, and what the page shows although the code no longer differs
there.
"""

import difflib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MONOLITH = ROOT / "monolith" / "submissions"
SERVICE = ROOT / "microservices" / "submissions" / "submissions"
PAGE = ROOT / "docs" / "seam.md"
# The packages whose files have one row each, by the heading of their table.
OTHERS = {
    "accounts": ("monolith/accounts", "microservices/accounts/accounts"),
    "recognition": ("monolith/recognition", "microservices/recognition/recognition"),
    "config of submissions": ("monolith/config", "microservices/submissions/config"),
    "config of accounts": ("monolith/config", "microservices/accounts/config"),
}
_FENCE = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `([\w/.]+)` \| (.+?) \| (.*) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Hunk:
    """One place where the two sides differ: the lines as `diff` marks them, without context."""

    path: str
    text: str


@dataclass(frozen=True)
class Row:
    """One file that differs: "-removed +added" lines, or the only side that has it."""

    package: str
    path: str
    differs: str


def sources(folder: Path) -> dict[str, Path]:
    """Map the relative paths of a package to its files, without generated migrations and caches."""
    return {
        str(path.relative_to(folder)): path
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    }


def actual_hunks() -> tuple[list[Hunk], set[str], set[str]]:
    """Return the hunks of files that both sides have, and the files that only one side has."""
    monolith, service = sources(MONOLITH), sources(SERVICE)
    hunks = [
        Hunk(name, text)
        for name in sorted(monolith.keys() & service.keys())
        for text in file_hunks(monolith[name].read_text(), service[name].read_text())
    ]
    return hunks, monolith.keys() - service.keys(), service.keys() - monolith.keys()


def file_hunks(before: str, after: str) -> list[str]:
    """Return the hunks between two texts: removed lines with "-", added ones with "+"."""
    hunks: list[str] = []
    current: list[str] = []
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""):
        if line.startswith(("---", "+++")) and not current and not hunks:
            continue
        if line.startswith("@@"):
            if current:
                hunks.append("\n".join(current))
            current = []
        else:
            current.append(line.rstrip())
    if current:
        hunks.append("\n".join(current))
    return hunks


def shown_hunks(page: str) -> list[Hunk]:
    """Return the fenced diffs of the page, each under the heading of its file."""
    shown = []
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        heading = section.splitlines()[0].strip().strip("`")
        shown += [Hunk(heading, text.rstrip("\n")) for text in _FENCE.findall(section)]
    return shown


def package_rows(package: str, monolith: dict[str, Path], service: dict[str, Path]) -> list[Row]:
    """Return a row for each file of a package in which the two sides differ."""
    rows = []
    for name in sorted(monolith.keys() | service.keys()):
        if name not in service:
            rows.append(Row(package, name, "monolith only"))
        elif name not in monolith:
            rows.append(Row(package, name, "service only"))
        elif hunks := file_hunks(monolith[name].read_text(), service[name].read_text()):
            lines = "\n".join(hunks).splitlines()
            removed = sum(line.startswith("-") for line in lines)
            rows.append(Row(package, name, f"-{removed} +{len(lines) - removed}"))
    return rows


def actual_rows() -> list[Row]:
    """Return the rows of all other packages."""
    return [
        row
        for package, (monolith, service) in OTHERS.items()
        for row in package_rows(package, sources(ROOT / monolith), sources(ROOT / service))
    ]


def shown_rows(page: str) -> dict[Row, str]:
    """Return the reason of each row of the page's tables of other packages."""
    shown: dict[Row, str] = {}
    for section in re.split(r"^### ", page, flags=re.MULTILINE)[1:]:
        package = section.splitlines()[0].strip().replace("`", "")
        table = section.partition("\n## ")[0]
        shown |= {Row(package, path, differs): why for path, differs, why in _ROW.findall(table)}
    return shown


def main() -> int:
    """Print the difference between the page and the code; return 1 if there is any."""
    actual, only_monolith, only_service = actual_hunks()
    page = PAGE.read_text() if PAGE.exists() else ""
    shown = shown_hunks(page)
    missing = [hunk for hunk in actual if hunk not in shown]
    stale = [hunk for hunk in shown if hunk not in actual]
    for title, hunks in (("The page lacks", missing), ("The page shows, the code has not", stale)):
        for hunk in hunks:
            sys.stdout.write(f"{title}:\n## `{hunk.path}`\n\n```diff\n{hunk.text}\n```\n\n")
    unnamed = [name for name in sorted(only_monolith | only_service) if f"`{name}`" not in page]
    for name in unnamed:
        sys.stdout.write(f"The page doesn't name `{name}`, which only one side has.\n")
    rows, shown_reasons = actual_rows(), shown_rows(page)
    lacking = [row for row in rows if row not in shown_reasons]
    outdated = [row for row in shown_reasons if row not in rows]
    for title, these in (
        ("The page lacks", lacking),
        ("The page shows, the code has not", outdated),
    ):
        for row in these:
            sys.stdout.write(f"{title}: {row.package} | `{row.path}` | {row.differs} |\n")
    return 1 if missing or stale or unnamed or lacking or outdated else 0


if __name__ == "__main__":
    sys.exit(main())
