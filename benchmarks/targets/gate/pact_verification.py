"""Holds a provider's version against a pact: its own test does, from its artifact's files.

The test starts the real parts that it needs and arranges the states that the pact names. What was
found is kept: the same files and the same pact give the same verdict.
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
    """Whether the pact is kept, and if not, which interactions aren't and why, a line each."""

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
    anew: bool = False,
) -> Verdict:
    """Hold a unit's commit against a pact of this file name. ReleaseError if that can't be done.

    `anew` is for whoever wants to know how long it takes.
    """
    artifact = build(recipe(architecture, unit), commit, store=store)
    key = hashlib.sha256(f"{artifact.folder.name}\n{pact}".encode()).hexdigest()[:16]
    record = store / unit / "verified" / f"{key}.json"
    if record.exists() and not anew:
        known = json.loads(record.read_text())
        return Verdict(known["kept"], tuple(known["reasons"]))
    python = tests_python(architecture, unit, commit, store)
    folder = artifact.folder / "source" / architecture.unit(unit).folder.relative_to(REPOSITORY)
    with tempfile.TemporaryDirectory(prefix="pacts-") as pacts:
        (Path(pacts) / name).write_text(pact)
        status, said = _run(python, folder, Path(pacts))
    if status == NO_TEST:
        verdict = Verdict(kept=False, reasons=(f"{unit} has no test that verifies {name}",))
    else:
        verdict = Verdict(status == 0, () if status == 0 else reasons(said))
    record.parent.mkdir(exist_ok=True)
    record.write_text(json.dumps(asdict(verdict), indent=2))
    return verdict


def tests_python(architecture: Architecture, unit: str, commit: str, store: Path) -> Path:
    """The Python of what the unit's tests need, from its own lock; the same lock makes one."""
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
    status, said = run_in(folder, command, seconds=VERIFYING_SECONDS, settings=settings)
    if status is None:
        message = f"The pact wasn't verified within {VERIFYING_SECONDS} s in {folder.name}."
        raise ReleaseError(message)
    return status, said


def reasons(said: str) -> tuple[str, ...]:
    """The failed interactions out of what the verifier printed; its last lines where it has none.

    It prints `1) Verifying a pact between web and accounts Given an account - signing in`, and
    below that `1.1) has a matching body` and what differs.
    """
    _, _, failures = re.sub(r"\x1b\[[0-9;]*m", "", said).partition("Failures:")
    found, interaction = [], ""
    for line in map(str.strip, failures.splitlines()):
        if match := re.match(r"\d+\) Verifying a pact between .*? - (.+)$", line):
            interaction = match[1]
        elif line.startswith("There were") and "pact failures" in line:
            break
        elif interaction and re.search(r" -> |[Ee]xpected ", line):
            found.append(f"{interaction}: {line}")
    return tuple(dict.fromkeys(found)) or tuple(said.strip().splitlines()[-5:])
