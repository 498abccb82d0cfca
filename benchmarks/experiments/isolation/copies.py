"""Copies of what a suite holds, as a commit has it; no working tree is touched."""

import hashlib
import io
import os
import shutil
import tarfile
from pathlib import Path

from benchmarks.experiments.isolation.suites import WHEEL_SOURCE, Suite
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.git import git, git_bytes

MODEL = ("centerface.onnx", "centerface.LICENSE")  # what the wheel has that no commit has


def identity(suite: Suite, commit: str, *, repository: Path = REPOSITORY) -> str:
    """Return a hash of all that a suite holds and sees; equal hashes give equal outcomes."""
    trees = git("ls-tree", commit, "--", *suite.paths, repository=repository)
    return hashlib.sha256(trees.encode()).hexdigest()[:12]


def lay_out(suite: Suite, commit: str, folder: Path, *, repository: Path = REPOSITORY) -> Path:
    """Write what a suite holds at a commit into a folder; returns where its tests are run."""
    _extract(commit, suite.holds, folder, repository)
    return folder / suite.folder


def copy_with_changes(
    suite: Suite, laid_out: Path, folder: Path, *, base: str, commit: str, repository: Path
) -> Path:
    """Copy a base that is laid out already, compiled files and all, and make it the commit's."""
    shutil.copytree(laid_out, folder, symlinks=True)
    changed = git("diff", "--name-status", "--no-renames", base, commit, "--", *suite.holds,
                  repository=repository)  # fmt: skip
    for line in changed.splitlines():
        kind, _, file = line.partition("\t")
        place = folder / file
        if kind == "D":
            place.unlink()
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(git_bytes("show", f"{commit}:{file}", repository=repository))
    return folder / suite.folder


def lay_out_wheel_source(
    commit: str, folder: Path, environment: Path, *, repository: Path = REPOSITORY
) -> Path:
    """Write the imaging package of a commit, with the model of the wheel that is installed.

    Returns the folder that, on the path, goes before that wheel.
    """
    _extract(commit, (WHEEL_SOURCE,), folder, repository)
    package = folder / WHEEL_SOURCE / "imaging"
    for installed in environment.glob("lib/python*/site-packages/imaging"):
        for name in MODEL:
            if (installed / name).exists():
                _link(installed / name, package / name)
    return folder / WHEEL_SOURCE


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)  # a second time, it would be copied onto itself
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _extract(commit: str, paths: tuple[str, ...], folder: Path, repository: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    archive = git_bytes("archive", commit, "--", *paths, repository=repository)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
