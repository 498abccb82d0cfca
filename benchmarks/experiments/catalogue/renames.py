"""Finds what the product renamed since a patch was made: words within a file, and the file."""

import difflib
import keyword
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from benchmarks.experiments.catalogue.edits import lines_of
from benchmarks.experiments.catalogue.index import temporary_index
from benchmarks.targets.versions import git

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_NAME_PARTS = 2  # of a path, that a file keeps when it is moved within its unit


def words_of(text: str) -> set[str]:
    """Return the words of a text that may be names of code."""
    return set(_WORD.findall(text))


def renamed_words(before: str, now: str) -> dict[str, str]:
    """Return the words of a file that became others, each always the same one.

    A word that the file still has wasn't renamed.
    """
    found: dict[str, set[str]] = defaultdict(set)
    old, new = lines_of(before), lines_of(now)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "replace":
            pairs = _pairs("".join(old[old_start:old_end]), "".join(new[new_start:new_end]))
            for word, other in pairs:
                found[word].add(other)
    left = words_of(now)
    return {word: next(iter(others)) for word, others in found.items()
            if len(others) == 1 and word not in left}  # fmt: skip


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
    unit = "/".join(parts[: 1 if parts[0] == "monolith" else _NAME_PARTS])
    arguments = ("diff-tree", "-r", "-M40%", "--diff-filter=R", "--name-only", before, tree)
    return git(*arguments, "--", unit, repository=repository).strip() or None
