"""Verify a provider's version against a pact, by the provider's own test from its artifact.

The test starts the backing services that it needs and arranges the states that the pact names. The
verdict is cached: the same files and the same pact give the same verdict.
"""

import fcntl
import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.targets.architectures import REPOSITORY, Architecture
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.gate.unit_checks import run_in
from benchmarks.targets.releases.artifacts import (
    ARTIFACTS,
    build,
    make_environment,
    recipe,
    wheel_of,
)

VERIFYING_SECONDS = 300
NO_TEST = 5  # pytest's status where no test was found
TEST = "test_the_provider_keeps_the_pact"


@dataclass(frozen=True)
class Verdict:
    """Whether the pact is kept; if not, the failed interactions with their causes, one a line."""

    kept: bool
    reasons: tuple[str, ...] = ()


def verify(
    architecture: Architecture,
    unit: str,
    commit: str,
    name: str,
    pact: str,
    *,
    store: Path = ARTIFACTS,
    repeat: bool = False,
) -> Verdict:
    """Return whether a unit's commit keeps the pact of this file name.

    `repeat` ignores a cached verdict, to measure the time. ReleaseError if it can't be verified.
    """
    artifact = build(recipe(architecture, unit), commit, store=store)
    key = hashlib.sha256(f"{artifact.folder.name}\n{pact}".encode()).hexdigest()[:16]
    record = store / unit / "verified" / f"{key}.json"
    if record.exists() and not repeat:
        known = json.loads(record.read_text())
        return Verdict(known["kept"], tuple(known["reasons"]))
    python = tests_python(architecture, unit, commit, store)
    folder = artifact.folder / "source" / architecture.unit(unit).folder.relative_to(REPOSITORY)
    with tempfile.TemporaryDirectory(prefix="pacts-") as pacts:
        (Path(pacts) / name).write_text(pact)
        status, output = _run(python, folder, Path(pacts))
    if status == NO_TEST:
        verdict = Verdict(kept=False, reasons=(f"{unit} has no test that verifies {name}",))
    else:
        verdict = Verdict(status == 0, () if status == 0 else reasons(output))
    record.parent.mkdir(exist_ok=True)
    record.write_text(json.dumps(asdict(verdict), indent=2))
    return verdict


def tests_python(architecture: Architecture, unit: str, commit: str, store: Path) -> Path:
    """Return the Python of an environment from the unit's development lock, built once per lock."""
    artifact = build(recipe(architecture, unit), commit, store=store)
    made_of = recipe(architecture, unit)
    source = artifact.folder / "source"
    lock = source / made_of.project.relative_to(REPOSITORY) / "requirements-dev.txt"
    wheel = wheel_of(made_of, commit, source, artifact.folder)
    named = hashlib.sha256(lock.read_bytes() + str(wheel).encode()).hexdigest()[:12]
    folder = store / unit / f"tests-{named}"
    with (store / unit / "tests-lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            make_environment(unit, lock, wheel, folder)
            (folder / "complete").touch()
    return folder / "bin" / "python"


def _run(python: Path, folder: Path, pacts: Path) -> tuple[int, str]:
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", TEST]
    settings = {"PACTS": str(pacts)}
    status, output = run_in(folder, command, seconds=VERIFYING_SECONDS, settings=settings)
    if status is None:
        message = f"The pact wasn't verified within {VERIFYING_SECONDS} s in {folder.name}."
        raise ReleaseError(message)
    return status, output


def reasons(output: str) -> tuple[str, ...]:
    """Return the failed interactions in the verifier's output; its last lines if it names none.

    The verifier prints `1) Verifying a pact between web and accounts Given an account - signing
    in`, and below that `1.1) has a matching body` and what differs.
    """
    _, _, failures = re.sub(r"\x1b\[[0-9;]*m", "", output).partition("Failures:")
    found, interaction = [], ""
    for line in map(str.strip, failures.splitlines()):
        if match := re.match(r"\d+\) Verifying a pact between .*? - (.+)$", line):
            interaction = match[1]
        elif line.startswith("There were") and "pact failures" in line:
            break
        elif interaction and re.search(r" -> |[Ee]xpected ", line):
            found.append(f"{interaction}: {line}")
    return tuple(dict.fromkeys(found)) or tuple(output.strip().splitlines()[-5:])
