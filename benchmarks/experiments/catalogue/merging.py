"""The merge of an edit into a file that changed since: by a 3-way merge, or by less context."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.experiments.catalogue.edits import Edit, EditError, Hunk, Line, find
from benchmarks.experiments.catalogue.renames import rename, renamed_words
from benchmarks.targets.errors import TargetError
from benchmarks.targets.git import git

_SOLID = re.compile(r"\w")


def carry_over(edit: Edit, recorded: str | None, now: str) -> str | None:
    """Return the file's present text with the edit in it, or None where no way is safe.

    `recorded` is the text that the patch was made from, None where it is lost. Words that were
    renamed since are renamed in the edit too.
    """
    renamed = {} if recorded is None else renamed_words(recorded, now)
    for words in [renamed, {}] if renamed else [{}]:
        if recorded is not None:
            merged = _merge(edit, recorded, now, words)
            if merged is not None:
                return merged
        placed = _place(edit, now, words)
        if placed is not None:
            return placed
    return None


def _merge(edit: Edit, recorded: str, now: str, renamed: Mapping[str, str]) -> str | None:
    try:
        edited = edit.apply(recorded)
    except EditError:
        return None
    with tempfile.TemporaryDirectory(prefix="merge-") as folder:
        texts = {"now": now, "base": rename(recorded, renamed), "edited": rename(edited, renamed)}
        for name, text in texts.items():
            (Path(folder) / name).write_bytes(text.encode())
        files = [str(Path(folder) / name) for name in texts]
        try:
            return git("merge-file", "-p", "-q", *files)
        except TargetError:  # git's status is how many conflicts there are
            return None


def _place(edit: Edit, now: str, renamed: Mapping[str, str]) -> str | None:
    """Find each change by as much of its context as the file still has, at one place alone."""
    for hunk in edit.hunks:
        for group in _groups(hunk):
            lines = [Line(line.sign, rename(line.text, renamed)) for line in group]
            placed = _place_group(lines, now)
            if placed is None:
                return None
            now = placed
    return now


def _place_group(lines: list[Line], now: str) -> str | None:
    for before, after in _fewer(lines):
        hunk = Hunk(0, tuple(lines[before : len(lines) - after]))
        found = find(now, hunk.old) if _SOLID.search(hunk.old) else []
        if len(found) == 1:
            return now[: found[0]] + hunk.new + now[found[0] + len(hunk.old) :]
    return None


def _fewer(lines: list[Line]) -> Iterator[tuple[int, int]]:
    """Yield how many lines of context to leave out before and after: none, then more and more."""
    places = [place for place, line in enumerate(lines) if line.sign != " "]
    first, last = places[0], len(lines) - 1 - places[-1]
    for left_out in range(first + last + 1):
        # From both ends alike first: the nearest lines identify the place best.
        options = range(max(0, left_out - last), min(first, left_out) + 1)
        for before in sorted(options, key=lambda lines: abs(2 * lines - left_out)):
            yield before, left_out - before


def _groups(hunk: Hunk) -> Iterator[list[Line]]:
    """Split a hunk into its runs of changed lines, each with the context around it."""
    lines = hunk.lines
    places = [place for place, line in enumerate(lines) if line.sign != " "]
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    for number, (first, last) in enumerate(runs):
        start = runs[number - 1][1] + 1 if number else 0
        end = runs[number + 1][0] if number + 1 < len(runs) else len(lines)
        yield [*lines[start:first], *lines[first : last + 1], *lines[last + 1 : end]]
