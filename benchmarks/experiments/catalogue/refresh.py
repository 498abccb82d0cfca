"""The refresh of patches whose files changed in the product since: `make refresh-patches`.

Each edit is carried over from the file that its patch recorded to the file as it is in the checkout
now. A patch of which one edit can't be carried over stays as it is. What is re-made with other
lines than before, or adds a word that the product no longer has, is listed for a person to read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.experiments.catalogue.changes import EXPERIMENTS, PATCHES, read_patch
from benchmarks.experiments.catalogue.diffs import make_patch
from benchmarks.experiments.catalogue.edits import Edit, parse
from benchmarks.experiments.catalogue.index import temporary_index, text_at, working_tree
from benchmarks.experiments.catalogue.merging import carry_over
from benchmarks.experiments.catalogue.renames import moved_to, words_of
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import TargetError
from benchmarks.targets.git import git

PRODUCT = ("monolith", "microservices", "shared")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a patch whose files changed: re-made, or left as it was for a `problem`.

    `review` are sentences about lines that a person has to read.
    """

    patch: str
    problem: str = ""
    review: tuple[str, ...] = ()


@dataclass(slots=True)
class _Product:
    """The checkout's files as a tree, and the words that files had when patches were made."""

    repository: Path
    tree: str
    blobs: dict[str, str]
    old_words: set[str] = field(default_factory=set)

    def recorded(self, edit: Edit) -> str | None:
        """Return the text that an edit was made from; None where this repository lacks it."""
        try:
            text = git("cat-file", "blob", edit.blob, repository=self.repository)
        except TargetError:
            return None
        self.old_words |= words_of(text)
        return text

    def is_current(self, edit: Edit) -> bool:
        """Return whether the file is the one that the edit was made from."""
        return self.blobs.get(edit.file, "") == ("" if edit.is_new else edit.blob)


class _LeftError(Exception):
    """Why a patch can't be re-made."""


def catalogues() -> list[Path]:
    """Return the folders of all catalogues."""
    return sorted(EXPERIMENTS.glob("*/catalogue/"))


def refresh(folders: Iterable[Path], *, repository: Path = REPOSITORY) -> list[Outcome]:
    """Update the patches in these catalogues whose files changed. Returns those alone.

    Raises CatalogueError for a file that is no patch, GitError where git fails.
    """
    product = _product(repository)
    patches = {
        path: read_patch(path)
        for folder in folders
        for name in PATCHES.values()
        for path in sorted(folder.glob(f"*/*/{name}"))
    }
    stale = {
        path: edits
        for path, edits in patches.items()
        if not all(product.is_current(edit) for edit in edits)
    }
    outcomes: list[Outcome] = []
    made: dict[Path, str] = {}
    for path, edits in stale.items():
        try:
            made[path] = _remake(edits, product)
        except _LeftError as error:
            outcomes.append(Outcome(edits[0].patch, str(error)))
    words = _words(product) if made else set()
    for path, text in made.items():
        path.write_bytes(text.encode())
        gone = product.old_words - words
        outcomes.append(Outcome(stale[path][0].patch, review=_review(stale[path], text, gone)))
    return sorted(outcomes, key=lambda outcome: outcome.patch)


def _product(repository: Path) -> _Product:
    tree = working_tree(repository)
    listed = git("ls-tree", "-r", "-z", tree, repository=repository).split("\0")
    rows = [line.partition("\t") for line in listed if line]
    return _Product(repository, tree, {file: head.split()[2] for head, _, file in rows})


def _words(product: _Product) -> set[str]:
    """Return every word of the product's text files as they are."""
    arguments = ("grep", "-hIoE", "[A-Za-z_][A-Za-z0-9_]{2,}", product.tree, "--", *PRODUCT)
    found = git(*arguments, repository=product.repository)
    return set(found.split())


def _remake(edits: Iterable[Edit], product: _Product) -> str:
    with temporary_index(product.tree, repository=product.repository) as index:
        for edit in edits:
            index.put(*_carried(edit, product))
        after = index.write_tree()
    return make_patch(product.tree, after, repository=product.repository)


def _carried(edit: Edit, product: _Product) -> tuple[str, str]:
    """Return the file that the edit is now of, and its text with the edit in it."""
    if edit.is_new:
        if edit.file in product.blobs:
            message = f"the product has {edit.file} now, which the patch adds"
            raise _LeftError(message)
        return edit.file, edit.apply(None)
    file, recorded = edit.file, product.recorded(edit)
    if file not in product.blobs:
        moved = recorded and moved_to(file, edit.blob, product.tree, product.repository)
        if not moved:
            message = f"{file} is gone, and no file of its unit is like it"
            raise _LeftError(message)
        file = moved
    now = text_at(product.tree, file, repository=product.repository)
    text = None if now is None else carry_over(edit, recorded, now)
    if text is None:
        places = ", ".join(str(hunk.number) for hunk in edit.hunks)
        lost = "" if recorded is not None else ", and this repository lacks the recorded file"
        message = f"{file} changed where the patch changes it (hunks at line {places}){lost}"
        raise _LeftError(message)
    if text == now:
        message = f"nothing is left of the change to {file}: the product has it already"
        raise _LeftError(message)
    return file, text


def _review(before: tuple[Edit, ...], text: str, gone: set[str]) -> tuple[str, ...]:
    """Return sentences about what differs in a re-made patch beside its context."""
    now = parse(text)
    was = {(line.sign, line.text) for edit in before for hunk in edit.hunks for line in hunk.lines}
    found = []
    names = {edit.file for edit in before}
    found += [f"{edit.file} is a file that was moved" for edit in now if edit.file not in names]
    for edit in now:
        for line in (line for hunk in edit.hunks for line in hunk.lines if line.sign != " "):
            shown = f"{edit.file}: `{line.sign}{line.text.rstrip()}`"
            if (line.sign, line.text) not in was:
                found.append(f"{shown} is another line than before")
            old = sorted(words_of(line.text) & gone) if line.sign == "+" else []
            if old:
                found.append(f"{shown} has {', '.join(old)}, which the product no longer has")
    return tuple(found)
