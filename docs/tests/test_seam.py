"""`docs/seam.md` shows every difference between the two sides, and no other."""

from pathlib import Path

import seam


def test_page_shows_every_hunk_and_no_other() -> None:
    actual, _, _ = seam.actual_hunks()
    shown = seam.shown_hunks(seam.PAGE.read_text())
    assert actual, "the two sides are the same: then nothing is compared"
    assert [h for h in actual if h not in shown] == [], "run: python docs/tests/seam.py"
    assert [h for h in shown if h not in actual] == [], "run: python docs/tests/seam.py"


def test_page_names_files_that_only_one_side_has() -> None:
    _, only_monolith, only_service = seam.actual_hunks()
    page = seam.PAGE.read_text()
    assert [n for n in sorted(only_monolith | only_service) if f"`{n}`" not in page] == []


def test_every_hunk_on_the_page_is_explained() -> None:
    """Between two diffs, or a heading and a diff, stands at least one sentence."""
    unexplained = []
    for section in seam.PAGE.read_text().split("\n## ")[1:]:
        for block in section.split("```diff\n")[1:]:
            prose_after = block.split("\n```", 1)[1].split("```diff\n")[0]
            if "." not in prose_after:
                unexplained.append(block.splitlines()[0])
    assert unexplained == []


def test_a_planted_difference_is_found() -> None:
    assert seam.file_hunks("a\nb\nc\n", "a\nB\nc\nd\n") == ["-b\n+B", "+d"]
    page = "# Seam\n\n## `apis.py`\n\nWhy.\n\n```diff\n-b\n+B\n```\n\n## `urls.py`\n"
    assert seam.shown_hunks(page) == [seam.Hunk("apis.py", "-b\n+B")]


def test_page_has_a_row_for_every_file_of_the_other_packages_and_no_other() -> None:
    actual, shown = seam.actual_rows(), seam.shown_rows(seam.PAGE.read_text())
    assert {row.package for row in actual} == set(seam.OTHERS)
    assert [row for row in actual if row not in shown] == [], "run: python docs/tests/seam.py"
    assert [row for row in shown if row not in actual] == [], "run: python docs/tests/seam.py"


def test_every_row_has_a_reason() -> None:
    shown = seam.shown_rows(seam.PAGE.read_text())
    assert [row for row, why in shown.items() if not why.endswith(".")] == []


def test_a_planted_file_and_a_planted_line_are_found(tmp_path: Path) -> None:
    sides = {}
    for side, texts in {
        "monolith": {"same.py": "a\n", "urls.py": "a\nb\n", "models.py": ""},
        "service": {"same.py": "a\n", "urls.py": "a\nB\nc\n", "messages.py": ""},
    }.items():
        sides[side] = {name: tmp_path / side / name for name in texts}
        (tmp_path / side).mkdir()
        for name, text in texts.items():
            sides[side][name].write_text(text)
    rows = seam.package_rows("x", sides["monolith"], sides["service"])
    assert [(row.path, row.differs) for row in rows] == [
        ("messages.py", "service only"),
        ("models.py", "monolith only"),
        ("urls.py", "-1 +2"),
    ]
    tables = "### `x`\n\n| `urls.py` | -1 +2 | One more URL. |\n\n## Costs\n\n| `a.py` | b | c |\n"
    assert seam.shown_rows(f"# Seam\n\n{tables}") == {rows[2]: "One more URL."}
