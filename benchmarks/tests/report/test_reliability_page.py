"""The rows of the reliability tables, from hand-made rows and records."""

import pytest

from benchmarks.report.findings import reliability

ROW = {"id": "a", "table": "faults", "title": "t", "must": "m"}
TEST = {
    "row": "a",
    "architecture": "monolith",
    "test": "test_b",
    "case": "2s",
    "repetitions": 5,
    "passed": 4,
    "figures": {
        "final after": {"unit": "s", "limit": 60, "values": [3, 61.5]},
        "accepted": {"unit": "", "limit": None, "values": [7]},
    },
    "violations": {"lost": 2, "doubled": 0, "leaked": 1},
}


def test_a_row_shows_its_worst_figure_and_its_violations() -> None:
    (found,) = reliability.table("faults", [{**ROW, "both": ["x/y.py::test_z"]}], [TEST])
    assert found["passed"] == (
        "monolith **4 of 5**, 1 in other suites; microservices 1 in other suites"
    )
    assert found["violations"] == "2 lost, 1 leaked"
    assert found["details"] == [
        "`test_b` (2s): monolith **4 of 5**, final after 61.5 s (≤ 60)",
        "`test_z` in `x`",
    ]


def test_a_test_that_both_sides_have_is_named_once() -> None:
    row = {**ROW, "monolith": ["x/y.py::test_z"], "microservices": ["w/y.py::test_z"]}
    (found,) = reliability.table("faults", [row], [])
    assert found["passed"] == "1 in other suites on each side"
    assert found["details"] == ["`test_z` in `x` and `w`"]


def test_a_row_without_tests_is_shown_as_such() -> None:
    (found,) = reliability.table("faults", [ROW], [])
    assert (found["passed"], found["violations"], found["details"]) == ("no test yet", "", [])


def test_a_table_without_rows_is_an_error() -> None:
    with pytest.raises(KeyError):
        reliability.table("inputs", [ROW], [])
