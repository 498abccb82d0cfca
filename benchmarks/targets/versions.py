"""What git says of the repository, for releases."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from backing import BackingError
from benchmarks.targets.architectures import REPOSITORY

GIT_SECONDS = 60


class ReleaseError(BackingError):
    """A release that can't be; the text is for a person. What ran before still runs."""


def committed_tree(repository: Path = REPOSITORY) -> str:
    """The commit that the working tree is; empty where it has changes, or there is no git."""
    try:
        if uncommitted(["."], repository=repository):
            return ""
        return git("rev-parse", "HEAD", repository=repository).strip()
    except ReleaseError:
        return ""


def resolve(ref: str, *, repository: Path = REPOSITORY) -> str:
    """The commit of a branch, tag or part of a commit's name. ReleaseError for none."""
    try:
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return git(*arguments, repository=repository).strip()
    except ReleaseError as error:
        message = f"There is no commit {ref!r} here: see `git log`, or `git fetch` it first."
        raise ReleaseError(message) from error


def uncommitted(paths: Sequence[str], *, repository: Path = REPOSITORY) -> list[str]:
    """The files below these paths that differ from the commit that is checked out."""
    found = git("status", "--porcelain", "--", *paths, repository=repository)
    return [line[3:] for line in found.splitlines()]


def git(
    *arguments: str, repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None
) -> str:
    """What a git command prints. ReleaseError with what it complains of.

    `environment` is added to this process's own.
    """
    return git_bytes(*arguments, repository=repository, environment=environment).decode()


def git_bytes(
    *arguments: str, repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None
) -> bytes:
    """The same, as it is."""
    # Looking must not stand in the way of what a person does with git meanwhile.
    command = ["git", "--no-optional-locks", "-C", str(repository), *arguments]
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            timeout=GIT_SECONDS,
            env={**os.environ, **(environment or {})},
        )
    except FileNotFoundError as error:
        message = "A release is made from a git commit, and there is no git here: install it."
        raise ReleaseError(message) from error
    except subprocess.TimeoutExpired as error:
        message = f"git {arguments[0]} took longer than {GIT_SECONDS} s."
        raise ReleaseError(message) from error
    if done.returncode != 0:
        message = f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}"
        raise ReleaseError(message)
    return done.stdout
