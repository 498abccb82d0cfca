"""Writes patches: the difference of two trees, with as much context as makes each hunk unique."""

from pathlib import Path

from benchmarks.experiments.catalogue.edits import Edit, find, parse
from benchmarks.experiments.catalogue.index import text_at
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.git import git

_CONTEXT_LINES = (3, 6, 12, 25, 50, 100)
# Names of full length let `git apply --3way` find the recorded files. An empty line of context has
# no space in front, so that an editor that strips spaces leaves a patch as it is.
_FORMAT = (
    *("-c", "diff.suppressBlankEmpty=true", "diff-tree", "-r", "-p", "--full-index", "--no-color"),
    *("--no-renames", "--no-ext-diff", "--no-textconv", "--diff-algorithm=histogram"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)


def make_patch(before: str, after: str, *, repository: Path = REPOSITORY) -> str:
    """Return the patch from one tree to another; each hunk fits one place of its file."""
    text = ""
    for lines in _CONTEXT_LINES:
        text = git(*_FORMAT, f"--unified={lines}", before, after, repository=repository)
        if text and all(_is_unique(edit, before, repository) for edit in parse(text)):
            break
    return text


def _is_unique(edit: Edit, before: str, repository: Path) -> bool:
    text = text_at(before, edit.file, repository=repository)
    return text is None or all(len(find(text, hunk.old)) == 1 for hunk in edit.hunks)
