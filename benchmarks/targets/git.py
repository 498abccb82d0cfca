"""A git client: commits, changed files and the output of git commands in this repository."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import GitError

GIT_SECONDS = 60


def committed_tree(repository: Path = REPOSITORY) -> str:
    """Return the commit of the working tree; "" if it has changes or there is no git."""
    try:
        if uncommitted(["."], repository=repository):
            return ""
        return git("rev-parse", "HEAD", repository=repository).strip()
    except GitError:
        return ""


def resolve(ref: str, *, repository: Path = REPOSITORY) -> str:
    """Return the commit of a branch, a tag or the first digits of a commit. Raises GitError."""
    try:
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return git(*arguments, repository=repository).strip()
    except GitError as error:
        message = f"The repository has no commit {ref!r}: see `git log`, or `git fetch` it first."
        raise GitError(message) from error


def uncommitted(paths: Sequence[str], *, repository: Path = REPOSITORY) -> list[str]:
    """Return the files below these paths that differ from the commit that is checked out."""
    found = git("status", "--porcelain", "--", *paths, repository=repository)
    return [line[3:] for line in found.splitlines()]


def git(
    *arguments: str, repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None
) -> str:
    """Return the output of a git command as text. Raises GitError with the error output.

    `environment` is added to this process's own.
    """
    return git_bytes(*arguments, repository=repository, environment=environment).decode()


def git_bytes(
    *arguments: str, repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None
) -> bytes:
    """Return the output of a git command as bytes. Raises GitError with the error output."""
    # No lock is taken, so that another git command can run at the same time.
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
        message = "git is not installed: install it."
        raise GitError(message) from error
    except subprocess.TimeoutExpired as error:
        message = f"git {arguments[0]} took longer than {GIT_SECONDS} s."
        raise GitError(message) from error
    if done.returncode != 0:
        message = f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}"
        raise GitError(message)
    return done.stdout
