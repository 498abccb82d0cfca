"""`docs/seam.md` shows every hunk in which the two sides differ, and no other."""

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
