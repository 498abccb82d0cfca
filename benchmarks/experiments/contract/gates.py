"""The gates that a change meets before it is released; each decides by itself whether it stops it.

* types: the unit's type checker, over its code and its tests
* suite: the unit's own tests, without those that verify pacts; they stop at the first that fails
* structure: its OpenAPI document and message schemas against those of the commit below
* pacts: the pacts of all its consumers, at the commit below, and its own against its providers

Both architectures have all of them. The monolith publishes no messages, so its structure is that
of its public API.

What is ready before the clock runs, on both sides alike: the files and the environments of every
unit that the gate needs, and what the type checker kept of the commit below, as its author has it.
A pact is verified whatever is known of it from before.
"""

import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.experiments.contract.candidate import LIMIT_SECONDS, Candidate, type_check
from benchmarks.targets.gate.pact_verification import TEST, verify
from benchmarks.targets.gate.unit_checks import run_in
from benchmarks.targets.gate.verdict import Check, pact_checks, structure_checks

TYPES, SUITE, STRUCTURE, PACTS = "types", "suite", "structure", "pacts"
GATES = (TYPES, SUITE, STRUCTURE, PACTS)
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
class Ready:
    """A candidate with what was made for its gates before the clock runs."""

    candidate: Candidate
    folder: Path
    python: Path
    cache: Path  # of the type checker


def check(gate: str, candidate: Candidate) -> Verdict:
    """Check a change at one gate. ReleaseError where the gate can't be run."""
    with tempfile.TemporaryDirectory(prefix="gate-") as scratch:
        ready = Ready(candidate, candidate.folder, candidate.python, Path(scratch) / "types")
        if gate == TYPES:
            candidate.copy_kept_types(ready.cache)
        if gate == PACTS:
            candidate.prepare_providers()
        began = time.monotonic()
        stops, lines = _CHECKS[gate](ready)
        seconds = round(time.monotonic() - began, 3)
    return Verdict(gate, stops, seconds, tuple(without_places(line) for line in lines))


def without_places(line: str) -> str:
    """Return a line without the folders of this machine."""
    return _PLACE.sub("", line)


def _types(ready: Ready) -> tuple[bool, Sequence[str]]:
    status, output = _run(type_check(ready.python, ready.cache), ready.folder)
    return status != 0, output


def _suite(ready: Ready) -> tuple[bool, Sequence[str]]:
    command = [str(ready.python), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    status, output = _run([*command, "-k", f"not {TEST}"], ready.folder)
    return status != 0, output


def _structure(ready: Ready) -> tuple[bool, Sequence[str]]:
    of = ready.candidate
    return _judged(structure_checks(of.architecture, of.unit, of.before, of.commit))


def _pacts(ready: Ready) -> tuple[bool, Sequence[str]]:
    of = ready.candidate
    uncached = partial(verify, store=of.store, repeat=True)
    return _judged(
        pact_checks(of.architecture, of.unit, of.commit, of.running, verify_pact=uncached)
    )


def _judged(checks: Sequence[Check]) -> tuple[bool, list[str]]:
    against = [f"{check.what}: {reason}" for check in checks for reason in check.reasons]
    return bool(against), against[:SHOWN_LINES]


_CHECKS: dict[str, Callable[[Ready], tuple[bool, Sequence[str]]]] = {
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
