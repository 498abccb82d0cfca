"""The catalogue of faults: each applies to the code of both sides, and stays in its component."""

import ast
import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from tomllib import loads

import pytest
import yaml

from benchmarks.experiments.catalogue.components import (
    ACCOUNTS,
    COMPONENTS,
    CONTRACTS,
    IMAGING,
    RECOGNITION,
    SUBMISSIONS,
)
from benchmarks.experiments.catalogue.edits import Edit
from benchmarks.experiments.catalogue.faults import FAULTS, NULL, NULLS, Fault
from benchmarks.experiments.catalogue.index import changed_texts, text_at
from benchmarks.experiments.catalogue.sides import UNITS
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES

# What a component may touch. Where components share a pyproject.toml, each lists its own needs.
FOLDERS = {
    (ACCOUNTS, MONOLITH): ("monolith/accounts/", "monolith/pyproject.toml"),
    (ACCOUNTS, SERVICES): (f"{SERVICES}/accounts/",),
    (SUBMISSIONS, MONOLITH): ("monolith/submissions/",),
    (SUBMISSIONS, SERVICES): (f"{SERVICES}/submissions/",),
    (RECOGNITION, MONOLITH): ("monolith/recognition/", "monolith/pyproject.toml"),
    (RECOGNITION, SERVICES): (f"{SERVICES}/recognition/",),
    (IMAGING, MONOLITH): ("shared/imaging/",),
    (IMAGING, SERVICES): ("shared/imaging/",),
    # What one component hands to another: between services a message, in the monolith arguments,
    # an outcome and an error.
    (CONTRACTS, MONOLITH): (
        "shared/contracts/",
        "monolith/tests/contracts/",
        "monolith/submissions/dispatch.py",
        "monolith/submissions/tasks.py",
        "monolith/recognition/errors.py",
        "monolith/recognition/services.py",
    ),
    (CONTRACTS, SERVICES): (
        "shared/contracts/",
        f"{SERVICES}/submissions/tests/contracts/",
        f"{SERVICES}/recognition/tests/contracts/",
        f"{SERVICES}/submissions/submissions/messages.py",
        f"{SERVICES}/recognition/recognition/messages.py",
    ),
}
READERS: dict[str, Callable[[str], object]] = {
    ".py": ast.parse,
    ".json": json.loads,
    ".yaml": yaml.safe_load,
    ".toml": loads,
}
CATALOGUE = (*FAULTS, *NULLS)
BOTH = [
    pytest.param(fault, architecture, id=f"{fault.name}-{architecture}")
    for fault in CATALOGUE
    for architecture in UNITS
]


def planted(edits: Iterable[Edit]) -> dict[str, tuple[str, str]]:
    """Return what the commit that is checked out has, and what it becomes, by file."""
    texts = changed_texts(edits, on="HEAD")
    return {file: (text_at("HEAD", file) or "", now) for file, now in texts.items()}


@pytest.mark.parametrize(("fault", "architecture"), BOTH)
def test_each_fits_changes_something_and_can_be_read(fault: Fault, architecture: str) -> None:
    files = planted(fault.change.edits[architecture])
    assert files
    for file, (before, now) in files.items():
        assert before != now
        READERS[Path(file).suffix](now)


@pytest.mark.parametrize(("fault", "architecture"), BOTH)
def test_each_stays_within_its_component(fault: Fault, architecture: str) -> None:
    allowed = FOLDERS[fault.component, architecture]
    for edit in fault.change.edits[architecture]:
        assert edit.file.startswith(allowed)
    assert set(fault.change.units[architecture]) <= set(UNITS[architecture])


@pytest.mark.parametrize("null", NULLS, ids=lambda fault: fault.name)
def test_a_null_fault_changes_a_comment_alone(null: Fault) -> None:
    for edits in null.change.edits.values():
        for file, (before, now) in planted(edits).items():
            if file.endswith(".py"):
                assert ast.dump(ast.parse(before)) == ast.dump(ast.parse(now))
            else:
                assert yaml.safe_load(before) == yaml.safe_load(now)


def test_both_sides_have_the_same_faults_by_names_of_their_own() -> None:
    names = Counter(fault.name for fault in CATALOGUE)
    assert set(names.values()) == {1}
    for fault in CATALOGUE:
        assert fault.change.edits.keys() == fault.change.units.keys() == UNITS.keys()
        assert fault.name.startswith(f"{fault.component}-")


def test_each_component_has_enough_of_more_than_one_kind() -> None:
    for component in COMPONENTS:
        kinds = [fault.kind for fault in FAULTS if fault.component == component]
        assert len(kinds) >= 8
        assert len(set(kinds)) >= 6
        assert NULL not in kinds
    assert Counter(null.component for null in NULLS) == dict.fromkeys(COMPONENTS, 1)
    assert {null.kind for null in NULLS} == {NULL}
