"""The command of the conformance suite against an architecture that is deployed from a copy."""

import shlex
import sys
from pathlib import Path

from benchmarks.experiments.isolation.suites import WHEEL
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY
from benchmarks.targets.git import git
from benchmarks.targets.local.settings import environments_folder
from benchmarks.targets.releases.artifacts import build, recipe

CASES = "shared/conformance"


def end_to_end_command(
    architecture: str, base: str, commit: str, place: Path, options: list[str]
) -> tuple[list[str], dict[str, str]]:
    """Return the command, to be run in the copy's root, and its environment variables.

    A unit whose lock or wheel the commit changes is deployed from an environment made of these.
    """
    venvs = _environments(architecture, base, commit, place / "venvs")
    python = environments_folder() / "conformance" / "bin" / "python"
    cases = [str(python), "-m", "pytest", *options, "--rootdir", CASES, f"{CASES}/cases"]
    shell = f"unset PYTHONPATH; exec {shlex.join(cases)}"
    command = [sys.executable, "-m", "benchmarks", "run", architecture, "--"]
    return [*command, "sh", "-c", shell], {
        "PYTHONPATH": str(place / "tree"),
        "VENVS": str(venvs),
        "BACKING_VENV": str(venvs / "backing"),
        "DYNAMODB_VENV": str(venvs / "dynamodb"),
    }


def _environments(architecture: str, base: str, commit: str, folder: Path) -> Path:
    folder.mkdir()
    for environment in environments_folder().iterdir():
        (folder / environment.name).symlink_to(environment.resolve())
    for unit in ARCHITECTURES[architecture].units:
        reach = [str((unit.folder / "requirements.txt").relative_to(REPOSITORY))]
        reach += WHEEL if unit.has_wheel else ()
        if git("ls-tree", base, "--", *reach) != git("ls-tree", commit, "--", *reach):
            made = build(recipe(ARCHITECTURES[architecture], unit.name), commit)
            (folder / unit.name).unlink()
            (folder / unit.name).symlink_to(made.folder / "environment")
    return folder
