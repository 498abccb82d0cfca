"""Edits and repositories for tests, made from texts."""

import difflib
import hashlib
from pathlib import Path

from benchmarks.experiments.catalogue.edits import NO_BLOB, Edit, lines_of, parse
from benchmarks.targets.git import git


def edit(file: str, before: str, after: str, *, patch: str = "") -> Edit:
    """Make the edit between two texts of a file; without a text before, the file is new."""
    blob = hashlib.sha1(f"blob {len(before.encode())}\0{before}".encode()).hexdigest()
    lines = difflib.unified_diff(lines_of(before), lines_of(after))
    hunks = "".join([*lines][2:])
    header = (
        f"diff --git a/{file} b/{file}\n"
        f"{'' if before else f'new file mode 100644{chr(10)}'}"
        f"index {blob if before else NO_BLOB}..{'1' * 40}{' 100644' if before else ''}\n"
        f"--- {f'a/{file}' if before else '/dev/null'}\n+++ b/{file}\n"
    )
    (made,) = parse(header + hunks, patch)
    return made


def make_repository(folder: Path, files: dict[str, str]) -> Path:
    """Make a repository with one commit of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for command in (
        ("init", "--quiet"),
        ("config", "user.name", "author"),
        ("config", "user.email", "author@example.org"),
        ("add", "."),
        ("commit", "--quiet", "-m", "one"),
    ):
        git(*command, repository=folder)
    return folder
