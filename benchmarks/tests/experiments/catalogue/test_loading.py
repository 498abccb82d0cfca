"""Reading a catalogue: what each table has to hold, and what is reported of one that doesn't."""

from pathlib import Path

import pytest

from benchmarks.experiments.catalogue.changes import CatalogueError, load
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.tests.experiments.catalogue.diffing import edit

TABLE = """\
id = "accounts-slip"
title = "Something else."
component = "accounts"
kind = "wrong"
simulates = "A slip."
equivalence = "The same line."
"""
OWN = {"kind": ("wrong", "null")}


def make(folder: Path, table: str = TABLE, component: str = "accounts", name: str = "slip") -> Path:
    """Write one change into a catalogue and return the catalogue."""
    change = folder / component / name
    change.mkdir(parents=True)
    (change / "change.toml").write_text(table)
    for side in (MONOLITH, SERVICES):
        (change / f"{side}.patch").write_text(edit(f"{side}/a.py", "a = 1\n", "a = 2\n").diff)
    return folder


def test_a_change_has_its_patches_and_the_units_that_are_released(tmp_path: Path) -> None:
    (entry,) = load(make(tmp_path), OWN)
    change = entry.change
    assert (change.name, change.component, entry.own) == (
        "accounts-slip",
        "accounts",
        {"kind": "wrong"},
    )
    assert (change.title, change.simulates) == ("Something else.", "A slip.")
    assert change.units == {MONOLITH: ("monolith",), SERVICES: ("accounts",)}
    files = {side: [edit.file for edit in edits] for side, edits in change.edits.items()}
    assert files == {MONOLITH: ["monolith/a.py"], SERVICES: ["microservices/a.py"]}
    assert change.edits[MONOLITH][0].patch.endswith("accounts/slip/monolith.patch")


def test_the_units_can_be_given(tmp_path: Path) -> None:
    (entry,) = load(make(tmp_path, TABLE + 'units = ["recognition"]\n'), OWN)
    assert entry.change.units[SERVICES] == ("recognition",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title =", "titel =", "there is no key 'titel': there is id, title"),
        ('title = "Something else."\n', "", "title has to be a text"),
        ('"A slip."', '" "', "simulates has to be a text that isn't empty"),
        ('"A slip."', "3", "simulates has to be a text"),
        ('"wrong"', '"odd"', "kind is 'odd': there is wrong, null"),
        ('"accounts-slip"', '"other"', "the id is 'other', and has to be"),
        ('"accounts"', '"imaging"', "the component is 'imaging'; its folder is that of 'accounts'"),
        ("id =", 'units = ["edges"]\nid =', "units has to list some of accounts"),
        ("id =", "id", "is no TOML document"),
    ],
)
def test_a_table_that_is_wrong_is_reported_with_its_file(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(CatalogueError, match=r"slip/change\.toml") as caught:
        load(make(tmp_path, TABLE.replace(old, new)), OWN)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["change.toml", "monolith.patch", "microservices.patch"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (make(tmp_path) / "accounts" / "slip" / name).unlink()
    with pytest.raises(CatalogueError, match=f"accounts/slip/{name} is missing"):
        load(tmp_path, OWN)


def test_a_file_that_is_no_patch_is_named(tmp_path: Path) -> None:
    (make(tmp_path) / "accounts" / "slip" / "monolith.patch").write_text("a = 2\n")
    with pytest.raises(CatalogueError, match=r"slip/monolith\.patch has to begin"):
        load(tmp_path, OWN)


def test_two_changes_of_one_id_are_refused(tmp_path: Path) -> None:
    make(tmp_path, name="accounts-slip")
    with pytest.raises(CatalogueError, match="two changes with the id 'accounts-slip'"):
        load(make(tmp_path), OWN)


def test_a_folder_that_is_no_component_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is no component: there is accounts"):
        load(make(tmp_path, component="acounts"), OWN)
