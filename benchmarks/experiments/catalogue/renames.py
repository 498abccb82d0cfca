"""Finds what the product renamed since a patch was made: words within a file, and the file."""

import difflib
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from benchmarks.experiments.catalogue.edits import lines_of
from benchmarks.experiments.catalogue.index import temporary_index
from benchmarks.targets.git import git

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_NAME = re.compile(r"_|[a-z][A-Z]")  # what only words of code have
_ALIKE = 0.5  # of a line that was reworded, by the ratio of difflib
_UNIT_PARTS = 2  # of a path, that a file keeps when it is moved within its unit


def words_of(text: str) -> set[str]:
    """Return the words of a text that may be names of code."""
    return set(_WORD.findall(text))


@lru_cache(maxsize=256)  # many patches are of one file
def renamed_words(before: str, now: str) -> dict[str, str]:
    """Return the words of a file that became others, each always the same one.

    A word that the file still has wasn't renamed. A word that may be prose counts from the
    second time.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for line, other_line in _changed_lines(lines_of(before), lines_of(now)):
        for word, other in _pairs(line, other_line):
            found[word].append(other)
    left = words_of(now)
    return {
        word: others[0]
        for word, others in found.items()
        if len(set(others)) == 1
        and word not in left
        and (len(others) > 1 or _NAME.search(f"{word} {others[0]}") is not None)
    }


def _changed_lines(before: list[str], now: list[str]) -> list[tuple[str, str]]:
    """Pair each line that is gone with the most similar new one, wherever that is in the file."""
    gone, new = [*(Counter(before) - Counter(now))], [*(Counter(now) - Counter(before))]
    pairs = []
    for line in gone:
        matcher = difflib.SequenceMatcher(None, "", line, autojunk=False)
        best, most_alike = "", _ALIKE
        for other in new:
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() > most_alike and matcher.quick_ratio() > most_alike:
                ratio = matcher.ratio()
                if ratio > most_alike:
                    best, most_alike = other, ratio
        if best:
            pairs.append((line, best))
    return pairs


def _pairs(before: str, now: str) -> list[tuple[str, str]]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(now)
    pairs = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "replace" and old_end - old_start == new_end - new_start:
            pairs += [*zip(old[old_start:old_end], new[new_start:new_end], strict=True)]
    return [(word, other) for word, other in pairs if _is_name(word) and _is_name(other)]


def _is_name(word: str) -> bool:
    return _WORD.fullmatch(word) is not None and not keyword.iskeyword(word)


def rename(text: str, renamed: Mapping[str, str]) -> str:
    """Replace each renamed word of a text."""
    return _WORD.sub(lambda match: renamed.get(match[0], match[0]), text)


def moved_to(file: str, blob: str, tree: str, repository: Path) -> str | None:
    """Return where a file of a tree was moved to that had the path and content given, if found.

    It is looked for within its unit: the other architecture often has nearly the same file.
    """
    with temporary_index(repository=repository) as index:
        index.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{file}")
        before = index.write_tree()
    parts = file.split("/")
    unit = "/".join(parts[: 1 if parts[0] == "monolith" else _UNIT_PARTS])
    arguments = ("diff-tree", "-r", "-M40%", "--diff-filter=R", "--name-only", before, tree)
    return git(*arguments, "--", unit, repository=repository).strip() or None
