"""Records of what was run: one file for each suite and tier of each fault, written once.

`raw/<fault>/<suite>-<identity>-<tier>.json`. The two architectures share a suite that is the same
for both, as imaging's is.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from benchmarks.experiments.isolation.reports import Outcome, Test
from benchmarks.experiments.runner.earlier_names import renamed
from benchmarks.experiments.runner.errors import FolderError

BASE = "base"  # the commit itself, with nothing planted
PACKAGES = "packages.json"  # how many each suite's environment has
SUITES_RUN = "suites.json"  # which records belong to one side of a fault


@dataclass(frozen=True, slots=True)
class Key:
    """The record's key. `identity` names all that the suite held and saw."""

    fault: str
    suite: str
    identity: str
    tier: str

    @property
    def mark(self) -> str:
        """The mark of each test of its report; no dots, which separate packages."""
        return f"{self.fault}/{self.suite}/{self.identity}/{self.tier}"


@dataclass(frozen=True, slots=True)
class Record:
    """The outcome of one suite's tier.

    `problem` is the reason why there is no report: killed at its limit, an environment that can't
    be built, a start that failed. `selected` are the tests that the selection by impact would have
    run; None where none was made.
    """

    key: Key
    problem: str
    seconds: float
    cpu_seconds: float | None
    network_cut: bool
    output: tuple[str, ...]
    tests: tuple[Test, ...]
    selected: tuple[str, ...] | None = None


def place(folder: Path, key: Key) -> Path:
    """Return the path of a record."""
    return folder / "raw" / key.fault / _file(key)


def _file(key: Key) -> str:
    return f"{key.suite}-{key.identity}-{key.tier}.json"


def write(folder: Path, record: Record) -> None:
    """Write a record whole or not at all."""
    key = record.key
    document = {
        "fault": key.fault,
        "suite": key.suite,
        "identity": key.identity,
        "tier": key.tier,
        "problem": record.problem,
        "seconds": record.seconds,
        "cpu_seconds": record.cpu_seconds,
        "network_cut": record.network_cut,
        "output": list(record.output),
        "tests": [[test.name, str(test.outcome), test.seconds] for test in record.tests],
        "selected": None if record.selected is None else list(record.selected),
    }
    path = place(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(document) + "\n", encoding="utf-8")
    draft.replace(path)


def set_aside(folder: Path, key: Key) -> None:
    """Rename a record, so that it is no longer read and its suite is run again."""
    path = place(folder, key)
    path.replace(path.with_suffix(".failed"))


def read(folder: Traversable, key: Key) -> Record | None:
    """Read a record; None where there is none. Raises FolderError for one of another suite."""
    path = folder / "raw" / key.fault / _file(key)
    if not path.is_file():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return _record(renamed(document, "isolation record"), key)
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path} can't be read ({error}): remove it, and it is run again."
        raise FolderError(message) from error


def _record(document: dict[str, Any], key: Key) -> Record:
    found = Key(*(document[name] for name in ("fault", "suite", "identity", "tier")))
    if found != key:
        message = f"The record of {key.mark} holds one of {found.mark}: it was mixed up."
        raise FolderError(message)
    selected = document["selected"]
    return Record(
        key,
        document["problem"],
        document["seconds"],
        document["cpu_seconds"],
        document["network_cut"],
        tuple(document["output"]),
        tuple(
            Test(name, Outcome(outcome), seconds) for name, outcome, seconds in document["tests"]
        ),
        None if selected is None else tuple(selected),
    )


def check_same_tests(record: Record, base: Sequence[Test]) -> None:
    """Raise FolderError for a record whose tests are those of another suite.

    A fault breaks tests, or keeps a module of them from being collected; it doesn't replace them.
    """
    known = {test.name for test in base} | {f"{test.name.partition('::')[0]}::" for test in base}
    strange = [test.name for test in record.tests if test.name not in known]
    if len(strange) > len(record.tests) / 2:
        message = (
            f"{record.key.mark} has tests that its suite hasn't ({strange[0]}, …): its result was "
            "swapped with another's."
        )
        raise FolderError(message)
