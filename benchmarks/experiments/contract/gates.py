"""The gates that a change meets before it is released; each decides by itself whether it stops it.

* types: the unit's type checker, over its code and its tests
* suite: the unit's own tests, without those that verify pacts; they stop at the first that fails
* structure: its OpenAPI document and message schemas against those of the commit below
* pacts: the pacts of all its consumers, at the commit below, and its own against its providers
"""

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.experiments.runner.arms import MONOLITH
from benchmarks.targets.architectures import REPOSITORY, Architecture
from benchmarks.targets.gate.pact_verification import TEST, tests_python, verify
from benchmarks.targets.gate.unit_checks import run_in
from benchmarks.targets.gate.verdict import Check, pact_checks, structure_checks
from benchmarks.targets.releases.artifacts import build, recipe

TYPES, SUITE, STRUCTURE, PACTS = "types", "suite", "structure", "pacts"
GATES = (TYPES, SUITE, STRUCTURE, PACTS)
LIMIT_SECONDS = 600.0
SHOWN_LINES = 12
# Up to an artifact's files, or the packages of an environment
_PLACE = re.compile(r"/[^\s'\"]*?/(?:source|site-packages)/")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate's verdict on a change: whether it stops it, after how many seconds, and its output."""

    gate: str
    stops: bool
    seconds: float
    output: tuple[str, ...] = ()


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
        made_of = recipe(self.architecture, self.unit)
        artifact = build(made_of, self.commit, store=self.store)
        return artifact.folder / "source" / made_of.project.relative_to(REPOSITORY)

    @property
    def running(self) -> dict[str, str]:
        """What runs of every unit: the commit below."""
        return {it.name: self.before for it in self.architecture.units} | {
            self.architecture.edge_unit: self.before
        }


def gates_of(architecture: str) -> list[str]:
    """Return the gates of an architecture. No component of the monolith describes its interface."""
    return [gate for gate in GATES if gate != STRUCTURE or architecture != MONOLITH]


def check(gate: str, candidate: Candidate) -> Verdict:
    """Check a change at one gate. ReleaseError where the gate can't be run."""
    folder = candidate.folder  # built before the clock runs: every gate needs it
    python = tests_python(candidate.architecture, candidate.unit, candidate.commit, candidate.store)
    began = time.monotonic()
    stops, lines = _CHECKS[gate](candidate, folder, python)
    seconds = round(time.monotonic() - began, 2)
    return Verdict(gate, stops, seconds, tuple(without_places(line) for line in lines))


def without_places(line: str) -> str:
    """Return a line without the folders of this machine."""
    return _PLACE.sub("", line)


def _types(candidate: Candidate, folder: Path, python: Path) -> tuple[bool, Sequence[str]]:
    cache = candidate.store / candidate.unit / f"mypy-{threading.get_ident()}"
    status, output = _run([str(python), "-m", "mypy", "--cache-dir", str(cache)], folder)
    return status != 0, output


def _suite(_candidate: Candidate, folder: Path, python: Path) -> tuple[bool, Sequence[str]]:
    command = [str(python), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    status, output = _run([*command, "-k", f"not {TEST}"], folder)
    return status != 0, output


def _structure(candidate: Candidate, _folder: Path, _python: Path) -> tuple[bool, Sequence[str]]:
    of = candidate
    return _judged(structure_checks(of.architecture, of.unit, of.before, of.commit))


def _pacts(candidate: Candidate, _folder: Path, _python: Path) -> tuple[bool, Sequence[str]]:
    of = candidate
    uncached = partial(verify, store=of.store, repeat=True)
    return _judged(
        pact_checks(of.architecture, of.unit, of.commit, of.running, verify_pact=uncached)
    )


def _judged(checks: Sequence[Check]) -> tuple[bool, list[str]]:
    against = [f"{check.what}: {reason}" for check in checks for reason in check.reasons]
    return bool(against), against[:SHOWN_LINES]


_CHECKS: dict[str, Callable[[Candidate, Path, Path], tuple[bool, Sequence[str]]]] = {
    TYPES: _types,
    SUITE: _suite,
    STRUCTURE: _structure,
    PACTS: _pacts,
}


def _run(command: list[str], folder: Path) -> tuple[int, list[str]]:
    """Return the status and the last lines of output; a command that hangs counts as failed."""
    status, output = run_in(folder, command, seconds=LIMIT_SECONDS, settings={})
    if status is None:
        return -1, [f"not over within {LIMIT_SECONDS:.0f} s"]
    return status, [line for line in output.splitlines() if line.strip()][-SHOWN_LINES:]
