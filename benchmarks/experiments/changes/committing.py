"""Makes a git commit of a change, beside the working tree and its index.

The files that a person is working on stay as they are, and no branch moves.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.experiments.changes.editing import Edit
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.git import git

# The same change on the same commit is the same commit, so what was built for it is found again.
_NOBODY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "experiment"),
        ("EMAIL", "experiment@example.org"),
        ("DATE", "2026-01-01T00:00:00Z"),
    )
}


def commit(edits: Iterable[Edit], message: str, *, on: str, repository: Path = REPOSITORY) -> str:
    """Make a commit of the edits on top of another; returns its name. EditError, ReleaseError."""
    texts: dict[str, str] = {}
    for edit in edits:
        before = texts.get(edit.file)
        if before is None:
            before = git("show", f"{on}:{edit.file}", repository=repository) if edit.old else ""
        texts[edit.file] = edit.apply(before)
    with tempfile.TemporaryDirectory(prefix="change-") as folder:
        environment = {**_NOBODY, "GIT_INDEX_FILE": str(Path(folder) / "index")}

        def run(*arguments: str) -> str:
            return git(*arguments, repository=repository, environment=environment).strip()

        run("read-tree", on)
        for number, (file, text) in enumerate(texts.items()):
            written = Path(folder) / str(number)
            written.write_text(text)
            blob = run("hash-object", "-w", "--path", file, str(written))
            run("update-index", "--add", "--cacheinfo", f"100644,{blob},{file}")
        tree = run("write-tree")
        return run("commit-tree", tree, "-p", on, "-m", message)
