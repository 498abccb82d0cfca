"""The page of the reliability tables is what the rows and the records give."""

import reliability


def test_the_page_is_what_the_records_give() -> None:
    """`python docs/tests/reliability.py` writes it."""
    text = reliability.PAGE.read_text(encoding="utf-8")
    assert reliability.refreshed(text) == text


def test_every_table_of_the_rows_is_on_the_page() -> None:
    text = reliability.PAGE.read_text(encoding="utf-8")
    rows, _ = reliability.read()
    for name in {row["table"] for row in rows}:
        assert f"<!-- reliability: {name} -->" in text


def test_a_row_shows_its_worst_figure_and_its_violations() -> None:
    row = {"id": "a", "table": "faults", "title": "t", "must": "m", "both": ["x/y.py::test_z"]}
    test = {
        "row": "a",
        "architecture": "monolith",
        "test": "test_b",
        "case": "2s",
        "repetitions": 5,
        "passed": 4,
        "figures": {"final after": {"unit": "s", "limit": 60, "values": [3, 61.5]}},
        "violations": {"lost": 2, "doubled": 0, "leaked": 1},
    }
    text = reliability.table("faults", [row], [test])
    assert "| t | m | **4 of 5**, 1 in other suites | 1 in other suites | 2, 0, 1 |\n" in text
    assert text.endswith(
        """- **t**
  - `test_b`, 2s
    - monolith: **red**, 4 of 5 green; final after 61.5 s (≤ 60)
  - `test_z` in `x`
"""
    )


def test_a_test_that_both_sides_have_is_named_once() -> None:
    row = {
        "id": "a",
        "table": "faults",
        "title": "t",
        "must": "m",
        "monolith": ["x/y.py::test_z"],
        "microservices": ["w/y.py::test_z"],
    }
    text = reliability.table("faults", [row], [])
    assert "| t | m | 1 in other suites | 1 in other suites | - |\n" in text
    assert text.endswith("- **t**\n  - `test_z` in `x` and `w`\n")


def test_a_row_without_tests_is_shown_as_such() -> None:
    row = {"id": "a", "table": "faults", "title": "t", "must": "m"}
    text = reliability.table("faults", [row], [])
    assert "| t | m | no test yet | no test yet | - |\n" in text
    assert "**t**" not in text
