"""Every row has its tests, on both sides, and every test that is named exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from benchmarks.reliability.records import Record, collect, is_recorded, read_records
from benchmarks.reliability.rows import Row, read_rows
from benchmarks.targets import REPOSITORY

ROWS = read_rows()
FAULTS = REPOSITORY / "benchmarks" / "tests" / "faults"
_ROW = re.compile(r"pytest\.mark\.row\(\"([a-z0-9-]+)\"\)")


@cache
def functions(path: Path) -> set[str]:
    """The names of a module's functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {it.name for it in ast.walk(tree) if isinstance(it, ast.FunctionDef)}


@cache
def rows_of_the_fault_suite() -> set[str]:
    """The rows that its tests name."""
    return {row for path in FAULTS.glob("test_*.py") for row in _ROW.findall(path.read_text())}


def test_a_row_that_a_test_names_exists() -> None:
    assert rows_of_the_fault_suite() <= {row.id for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_a_row_has_tests_on_both_sides(row: Row) -> None:
    assert row.id in rows_of_the_fault_suite() or all(row.elsewhere.values())


NAMED = sorted({name for row in ROWS for side in row.elsewhere.values() for name in side})


@pytest.mark.parametrize("name", NAMED)
def test_a_test_of_another_suite_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert function in functions(REPOSITORY / path)


def test_a_record_of_another_commit_or_of_a_tree_with_changes_leaves_no_test_out(
    tmp_path: Path,
) -> None:
    Record("stall", "monolith", "test_a", "", 1, commit="c", seed=1).write(tmp_path)
    Record("stall", "monolith", "test_b", "", 1, commit="", seed=1).write(tmp_path)
    first, second = sorted(tmp_path.iterdir())
    assert is_recorded(first, "c")
    assert not is_recorded(first, "d")
    assert not is_recorded(first, "")
    assert not is_recorded(second, "")
    assert not is_recorded(tmp_path / "none.json", "c")


def test_records_are_joined_by_test_and_case(tmp_path: Path) -> None:
    for repetition, seconds in ((1, 3.0), (2, 70.0)):
        made = Record("stall", "monolith", "test_a", "s3 2s", repetition, commit="c", seed=1)
        made.note("accepted", 4)
        made.kept([])
        if repetition == 2:
            with pytest.raises(AssertionError, match=r"final after: 70.000 s, more than 60"):
                made.at_most("final after", seconds, 60)
        else:
            made.at_most("final after", seconds, 60)
            made.passed = True
        made.write(tmp_path)
    (joined,) = collect(read_records(tmp_path))["tests"]
    assert (joined["repetitions"], joined["passed"]) == (2, 1)
    assert joined["figures"]["final after"] == {"unit": "s", "limit": 60, "values": [3.0, 70.0]}
    assert joined["violations"]["lost"] == 0
