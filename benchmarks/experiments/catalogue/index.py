"""A temporary git index: changes become trees and commits while the checkout stays as it is."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.experiments.catalogue.edits import Edit
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import TargetError
from benchmarks.targets.git import git

# The same change on the same commit is the same commit, so what was built for it is found again.
_AUTHOR = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "experiment"),
        ("EMAIL", "experiment@example.org"),
        ("DATE", "2026-01-01T00:00:00Z"),
    )
}


@dataclass(frozen=True, slots=True)
class Index:
    """A git index in a folder of its own. Its methods raise GitError where git fails."""

    folder: Path
    repository: Path

    def git(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Return what a git command prints that uses this index."""
        own = {"GIT_INDEX_FILE": str(self.folder / "index"), **(environment or {})}
        return git(*arguments, repository=self.repository, environment=own)

    def read_working_tree(self) -> None:
        """Take every file of the checkout that git doesn't ignore, changed or not."""
        own = self.repository / git(
            "rev-parse", "--git-path", "index", repository=self.repository
        ).rstrip("\n")
        if own.exists():
            # With its time of change: git compares that with the files' to find changed ones.
            shutil.copy2(own, self.folder / "index")
        self.git("add", "--all", "--", ".")

    def put(self, file: str, text: str) -> None:
        """Set a file's text."""
        written = self.folder / "text"
        written.write_bytes(text.encode())
        blob = self.git("hash-object", "-w", "--path", file, str(written)).strip()
        self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{file}")

    def write_tree(self) -> str:
        """Return the name of the tree that the index holds."""
        return self.git("write-tree").strip()


@contextmanager
def temporary_index(tree: str = "", *, repository: Path = REPOSITORY) -> Iterator[Index]:
    """Make an index of a commit or tree, or an empty one, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="change-") as folder:
        index = Index(Path(folder), repository)
        if tree:
            index.git("read-tree", tree)
        yield index


def working_tree(repository: Path = REPOSITORY) -> str:
    """Return the tree of the checkout's files as they are, committed or not."""
    with temporary_index(repository=repository) as index:
        index.read_working_tree()
        return index.write_tree()


def changed_texts(
    edits: Iterable[Edit], *, on: str, repository: Path = REPOSITORY
) -> dict[str, str]:
    """Return each edited file's text after the edits, on a commit or tree. Raises EditError."""
    texts: dict[str, str] = {}
    for edit in edits:
        before = texts.get(edit.file)
        if before is None:
            before = text_at(on, edit.file, repository=repository)
        texts[edit.file] = edit.apply(before)
    return texts


def text_at(tree: str, file: str, *, repository: Path = REPOSITORY) -> str | None:
    """Return a file's text in a commit or tree, or None where it has no such file."""
    try:
        return git("show", f"{tree}:{file}", repository=repository)
    except TargetError:
        if git("ls-tree", tree, "--", file, repository=repository):
            raise
        return None


def plant(edits: Iterable[Edit], *, on: str, repository: Path = REPOSITORY) -> str:
    """Return the tree of a commit or tree with the edits in it. EditError, GitError."""
    texts = changed_texts(edits, on=on, repository=repository)
    with temporary_index(on, repository=repository) as index:
        for file, text in texts.items():
            index.put(file, text)
        return index.write_tree()


def commit(edits: Iterable[Edit], message: str, *, on: str, repository: Path = REPOSITORY) -> str:
    """Commit the edits on top of another commit, on no branch, and return the commit's name.

    Raises EditError, GitError.
    """
    tree = plant(edits, on=on, repository=repository)
    arguments = ("commit-tree", tree, "-p", on, "-m", message)
    return git(*arguments, repository=repository, environment=_AUTHOR).strip()
