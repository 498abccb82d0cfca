"""The hunks in which the two `submissions` packages differ, and those that `docs/seam.md` shows.

Run as a program it prints what the page lacks, ready to be pasted and explained, and what the page
shows although the code no longer differs there.
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
_FENCE = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Hunk:
    """One place where the two sides differ: the lines as `diff` marks them, without context."""

    path: str
    text: str


def sources(folder: Path) -> dict[str, Path]:
    """Relative path -> file of a package, without generated migrations and caches."""
    return {
        str(path.relative_to(folder)): path
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    }


def actual_hunks() -> tuple[list[Hunk], set[str], set[str]]:
    """Hunks of files that both sides have, and the files that only one side has."""
    monolith, service = sources(MONOLITH), sources(SERVICE)
    hunks = [
        Hunk(name, text)
        for name in sorted(monolith.keys() & service.keys())
        for text in file_hunks(monolith[name].read_text(), service[name].read_text())
    ]
    return hunks, monolith.keys() - service.keys(), service.keys() - monolith.keys()


def file_hunks(before: str, after: str) -> list[str]:
    """The hunks between two texts: removed lines with "-", added ones with "+"."""
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
    """The fenced diffs of the page, each under the heading of its file."""
    shown = []
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        heading = section.splitlines()[0].strip().strip("`")
        shown += [Hunk(heading, text.rstrip("\n")) for text in _FENCE.findall(section)]
    return shown


def main() -> int:
    """Print the difference between the page and the code; 1 if there is any."""
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
    return 1 if missing or stale or unnamed else 0


if __name__ == "__main__":
    sys.exit(main())
