"""A change as it is offered for release, and what its gates find ready."""

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from benchmarks.targets.architectures import REPOSITORY, Architecture
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.gate.pact_verification import tests_python
from benchmarks.targets.gate.pacts import pairs, unit_of
from benchmarks.targets.gate.unit_checks import run_in
from benchmarks.targets.releases.artifacts import build, recipe

LIMIT_SECONDS = 600.0
TYPES_CHECKED = (0, 1)  # without errors, and with some; a checker that was killed has another
_TYPES = threading.Lock()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commit of a unit, on top of another one, which is what runs."""

    architecture: Architecture
    unit: str
    before: str
    commit: str
    store: Path  # of artifacts

    @property
    def folder(self) -> Path:
        """The unit's files at the commit."""
        return self._files(self.commit)

    @property
    def python(self) -> Path:
        """The Python with the unit's development lock."""
        return self.python_of(self.unit, self.commit)

    @property
    def running(self) -> dict[str, str]:
        """What runs of every unit: the commit below."""
        return {it.name: self.before for it in self.architecture.units} | {
            self.architecture.edge_unit: self.before
        }

    def prepare_providers(self) -> None:
        """Make what the verification of the pacts runs in: every provider's files and Python."""
        versions = {**self.running, self.unit: self.commit}
        for pair in pairs(self.architecture, self.unit, versions):
            provider = unit_of(self.architecture, pair.provider)
            self.python_of(provider, pair.provider_commit)

    def copy_kept_types(self, cache: Path) -> None:
        """Write into a new folder what the type checker keeps of the commit below."""
        files = self._files(self.before)
        kept = self.store / self.unit / f"types-{self.artifact(self.before).name}"
        with _TYPES:  # made once for all changes
            if not kept.exists():
                make_kept_types(self.python_of(self.unit, self.before), files, kept)
        shutil.copytree(kept, cache)

    def python_of(self, unit: str, commit: str) -> Path:
        """Return the Python with a unit's development lock; make it if there is none yet."""
        return tests_python(self.architecture, unit, commit, self.store)

    def artifact(self, commit: str) -> Path:
        """Return the folder of the unit's artifact; build it if there is none yet."""
        return build(recipe(self.architecture, self.unit), commit, store=self.store).folder

    def _files(self, commit: str) -> Path:
        project = recipe(self.architecture, self.unit).project.relative_to(REPOSITORY)
        return self.artifact(commit) / "source" / project


def make_kept_types(python: Path, files: Path, kept: Path) -> None:
    """Write into a new folder, whole or not at all, what the type checker keeps of these files.

    Raises ReleaseError where it doesn't come to its end.
    """
    fresh = kept.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    command = type_check(python, fresh)
    status, output = run_in(files, command, seconds=LIMIT_SECONDS, settings={})
    if status not in TYPES_CHECKED:
        shutil.rmtree(fresh, ignore_errors=True)
        last = " ".join(output.splitlines()[-1:])
        message = f"The type checker ended with status {status} in {files}. {last}".strip()
        raise ReleaseError(message)
    fresh.replace(kept)


def type_check(python: Path, cache: Path) -> list[str]:
    """Return the command of the type checker in a unit's folder."""
    return [str(python), "-m", "mypy", "--cache-dir", str(cache)]
