"""Patches as text: what is read from one, where it fits, and what is refused."""

from pathlib import Path

import pytest

from benchmarks.experiments.catalogue.edits import EditError, parse
from benchmarks.experiments.catalogue.index import commit, plant, text_at
from benchmarks.targets.errors import GitError
from benchmarks.targets.git import git
from benchmarks.tests.experiments.catalogue.diffing import edit, make_repository

CODE = "".join(f"line_{number} = {number}\n" for number in range(1, 21))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path, {"a.py": CODE, "c.py": "last = 1"})


def test_a_change_becomes_a_commit_and_the_checkout_stays_as_it_is(repository: Path) -> None:
    changed = CODE.replace("= 2\n", "= 22\n").replace("line_19", "line_nineteen")
    edits = [edit("a.py", CODE, changed), edit("b.py", "", "new\n")]
    made = commit(edits, "Change it", on="HEAD", repository=repository)
    assert text_at(made, "a.py", repository=repository) == changed
    assert text_at(made, "b.py", repository=repository) == "new\n"
    assert git("rev-parse", f"{made}^", repository=repository) == git(
        "rev-parse", "HEAD", repository=repository
    )
    assert git("status", "--porcelain", repository=repository) == ""
    again = commit(edits, "Change it", on="HEAD", repository=repository)
    assert again == made, "so that what was built for it is found again"


def test_a_last_line_without_an_end_stays_so(repository: Path) -> None:
    git("config", "core.quotePath", "true", repository=repository)
    (repository / "c.py").write_text("last = 2")
    text = git("diff", "--full-index", repository=repository)
    assert "\\ No newline at end of file" in text
    tree = plant(parse(text), on="HEAD", repository=repository)
    assert text_at(tree, "c.py", repository=repository) == "last = 2"


@pytest.mark.parametrize(
    ("now", "places", "advice"),
    [
        (CODE.replace("line_5 =", "other ="), 0, "make refresh-patches"),
        (CODE + CODE, 2, "more lines of context"),
    ],
    ids=["its context changed", "its text is there twice"],
)
def test_an_edit_that_fits_nowhere_or_twice_names_patch_file_and_hunk(
    now: str, places: int, advice: str
) -> None:
    made = edit("a.py", CODE, CODE.replace("line_4 =", "four ="), patch="x/monolith.patch")
    with pytest.raises(EditError) as caught:
        made.apply(now)
    assert str(caught.value).startswith(
        f"x/monolith.patch: the hunk at line 1 of a.py fits {places} places, and has to fit one."
    )
    assert advice in str(caught.value)


def test_text_that_moved_within_its_file_is_found() -> None:
    made = edit("a.py", CODE, CODE.replace("line_9 =", "nine ="))
    assert made.apply("before\n" * 30 + CODE).endswith(CODE.replace("line_9 =", "nine ="))


def test_a_missing_file_and_one_that_is_there_already_are_reported(repository: Path) -> None:
    with pytest.raises(EditError, match=r"there is no file d\.py"):
        plant([edit("d.py", "old\n", "new\n")], on="HEAD", repository=repository)
    with pytest.raises(EditError, match=r"a\.py is there already"):
        plant([edit("a.py", "", "new\n")], on="HEAD", repository=repository)
    with pytest.raises(GitError):
        text_at("nothing", "a.py", repository=repository)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has to begin with `diff --git`"),
        ("--- a/x\n+++ b/x\n", "has to begin with `diff --git`"),
        ("diff --git a/x b/y\nrename from x\nrename to y\n", "isn't supported"),
        ("diff --git a/x b/x\nindex 123..456 100644\n--- a/x\n+++ b/x\n", "full length"),
        (
            f"diff --git a/x b/x\nindex {'1' * 40}..{'2' * 40} 100644\n--- a/x\n+++ b/x\n",
            "has no hunk",
        ),
    ],
)
def test_what_is_no_edit_of_a_text_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(EditError, match=message):
        parse(text, "x.patch")
