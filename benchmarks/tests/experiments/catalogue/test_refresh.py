"""Re-making patches: what is carried over where the product changed, and what is left alone."""

from pathlib import Path

import pytest

from benchmarks.experiments.catalogue.changes import read_patch
from benchmarks.experiments.catalogue.diffs import make_patch
from benchmarks.experiments.catalogue.edits import EditError
from benchmarks.experiments.catalogue.index import plant, text_at, working_tree
from benchmarks.experiments.catalogue.refresh import Outcome, refresh
from benchmarks.targets.git import git
from benchmarks.tests.experiments.catalogue.diffing import edit, make_repository

CODE = '''"""Retries."""

LIMIT = 3
UNUSED = 4


def settle(attempt: int, limit: int = LIMIT) -> bool:
    """Return whether it is over."""
    # Counted before it is judged.
    if attempt < limit:
        return False
    return finish(attempt)


def finish(attempt: int) -> bool:
    """Return that it is."""
    return attempt > 0
'''
FILE = "monolith/submissions/retries.py"
FAULTY = CODE.replace("attempt < limit:", "attempt <= limit:")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository", {FILE: CODE, "microservices/b.py": "b = 1\n"})


class Catalogue:
    """A catalogue of one change: a patch of the monolith alone matters here."""

    def __init__(self, folder: Path, repository: Path) -> None:
        self.folder = folder
        self.repository = repository
        self.patch = folder / "submissions" / "retries" / "monolith.patch"
        self.patch.parent.mkdir(parents=True)

    def write(self, *texts: tuple[str, str, str]) -> None:
        self.patch.write_text("".join(edit(*each).diff for each in texts))

    def refresh(self) -> list[Outcome]:
        return refresh([self.folder], repository=self.repository)

    def planted(self, file: str = FILE) -> str | None:
        """Return the file with the patch in it; EditError where it doesn't fit."""
        edits = read_patch(self.patch)
        tree = plant(edits, on=working_tree(self.repository), repository=self.repository)
        return text_at(tree, file, repository=self.repository)


@pytest.fixture
def catalogue(tmp_path: Path, repository: Path) -> Catalogue:
    made = Catalogue(tmp_path / "catalogue", repository)
    made.write((FILE, CODE, FAULTY))
    return made


def test_patches_that_are_current_stay_as_they_are(catalogue: Catalogue) -> None:
    before = catalogue.patch.read_bytes()
    assert catalogue.refresh() == []
    assert catalogue.patch.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    # Counted before it is judged.\n", "    # It is counted before.\n"),  # next to it
        ("        return False\n", "        return not True\n"),
        ('    """Return whether it is over."""\n', '    """Return whether it ended."""\n'),
        ("UNUSED = 4\n", ""),
        ("LIMIT = 3\n", "LIMIT = 3\nOTHER = 5\n"),
        ("# Counted before it is judged.\n    if", "if"),
    ],
)
def test_a_text_beside_a_change_that_was_reworded_is_taken_over(
    catalogue: Catalogue, old: str, new: str
) -> None:
    now = CODE.replace(old, new)
    (catalogue.repository / FILE).write_text(now)
    (outcome,) = catalogue.refresh()
    assert (outcome.problem, outcome.review) == ("", ())
    assert catalogue.planted() == now.replace("attempt < limit:", "attempt <= limit:")
    assert catalogue.refresh() == []


def test_a_test_names_the_patch_until_it_is_refreshed(catalogue: Catalogue) -> None:
    (catalogue.repository / FILE).write_text(CODE.replace("Counted before", "It counts before"))
    with pytest.raises(EditError, match=rf"retries/monolith\.patch: the hunk at line 7 of {FILE}"):
        catalogue.planted()
    catalogue.refresh()
    assert catalogue.planted()


def test_a_name_that_was_changed_in_a_changed_line_is_changed_in_the_patch(
    catalogue: Catalogue,
) -> None:
    now = CODE.replace("limit", "most_attempts").replace("settle", "is_over")
    (catalogue.repository / FILE).write_text(now)
    (outcome,) = catalogue.refresh()
    assert catalogue.planted() == now.replace("attempt < most", "attempt <= most")
    assert outcome.problem == ""
    assert outcome.review == (
        f"{FILE}: `-    if attempt < most_attempts:` is another line than before",
        f"{FILE}: `+    if attempt <= most_attempts:` is another line than before",
    )


def test_a_name_is_followed_into_a_line_that_was_moved(catalogue: Catalogue) -> None:
    before = f"from old_name import settle_all\nimport re\nimport zlib\n\n{CODE}"
    now = f"import re\nimport zlib\nfrom new_name import settle_all\n\n{CODE}"
    (catalogue.repository / FILE).write_text(before)
    working_tree(catalogue.repository)
    catalogue.write((FILE, before, before.replace("settle_all", "settle_none")))
    (catalogue.repository / FILE).write_text(now)
    (outcome,) = catalogue.refresh()
    assert outcome.problem == ""
    assert catalogue.planted() == now.replace("settle_all", "settle_none")


def test_a_word_of_prose_that_was_reworded_once_is_no_name(catalogue: Catalogue) -> None:
    added = CODE.replace("LIMIT = 3\n", "LIMIT = 3  # whether is fine\n")
    catalogue.write((FILE, CODE, added))
    (catalogue.repository / FILE).write_text(CODE.replace("Return whether", "Return if"))
    catalogue.refresh()
    assert "LIMIT = 3  # whether is fine\n" in (catalogue.planted() or "")


def test_a_line_that_adds_a_name_that_is_gone_is_listed(catalogue: Catalogue) -> None:
    added = CODE.replace("LIMIT = 3\n", "LIMIT = 3\nENDS = finish_all\n")
    product = f"{CODE}\n\ndef finish_all() -> None: ...\n"
    (catalogue.repository / FILE).write_text(product)
    catalogue.write((FILE, CODE, added))
    catalogue.refresh()
    (catalogue.repository / FILE).write_text(CODE + "\n\nOTHER = 1\n")
    (outcome,) = catalogue.refresh()
    assert outcome.review == (
        f"{FILE}: `+ENDS = finish_all` has finish_all, which the product no longer has",
    )


def test_a_file_that_was_moved_is_found_within_its_unit(catalogue: Catalogue) -> None:
    (catalogue.repository / "microservices" / "retries.py").write_text(CODE)
    moved = "monolith/submissions/attempts.py"
    (catalogue.repository / FILE).rename(catalogue.repository / moved)
    now = CODE.replace('"""Retries."""', '"""Attempts."""')
    (catalogue.repository / moved).write_text(now)
    (outcome,) = catalogue.refresh()
    assert outcome.review == (f"{moved} is a file that was moved",)
    assert catalogue.planted(moved) == now.replace("attempt < limit:", "attempt <= limit:")


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (CODE.replace("if attempt < limit:", "if not (attempt >= limit):"), "changed where"),
        (FAULTY, "the product has it already"),
        (CODE.replace("    if attempt < limit:\n        return False\n", ""), "changed where"),
        (None, "is gone, and no file of its unit is like it"),
    ],
)
def test_what_can_t_be_carried_over_is_left_and_reported(
    catalogue: Catalogue, now: str | None, reason: str
) -> None:
    before = catalogue.patch.read_bytes()
    path = catalogue.repository / FILE
    if now is None:
        path.unlink()
    else:
        path.write_text(now)
    (outcome,) = catalogue.refresh()
    assert reason in outcome.problem
    assert outcome.patch.endswith("retries/monolith.patch")
    assert catalogue.patch.read_bytes() == before


def test_a_patch_is_re_made_whole_or_not_at_all(catalogue: Catalogue) -> None:
    other = "monolith/other.py"
    (catalogue.repository / other).write_text("other = 1\n")
    catalogue.write((FILE, CODE, FAULTY), (other, "other = 2\n", "other = 3\n"))
    (catalogue.repository / FILE).write_text(CODE.replace("Counted before", "It counts before"))
    before = catalogue.patch.read_bytes()
    (outcome,) = catalogue.refresh()
    assert outcome.problem.startswith(f"{other} changed where")
    assert "lacks the recorded file" in outcome.problem
    assert catalogue.patch.read_bytes() == before


def test_a_repetitive_text_gets_as_much_context_as_makes_it_unique(catalogue: Catalogue) -> None:
    file = "monolith/api.yaml"
    block = "".join(f"    key_{number}: 1\n" for number in range(8))
    text = "".join(f"{name}:\n{block}" for name in ("one", "two", "three"))
    place = text.index("key_4", text.index("two:"))
    changed = f"{text[:place]}key_x{text[place + 5 :]}"
    (catalogue.repository / file).write_text(text)
    git("add", ".", repository=catalogue.repository)
    git("commit", "--quiet", "-m", "two", repository=catalogue.repository)
    catalogue.write((file, text, changed))
    with pytest.raises(EditError, match="fits 3 places"):
        catalogue.planted(file)
    (catalogue.repository / file).write_text(f"zero: 1\n{text}")
    (outcome,) = catalogue.refresh()
    assert "changed where" in outcome.problem, "the patch was ambiguous from the start"
    (catalogue.repository / file).write_text(text)
    before = working_tree(catalogue.repository)
    (catalogue.repository / file).write_text(changed)
    after = working_tree(catalogue.repository)
    catalogue.patch.write_text(make_patch(before, after, repository=catalogue.repository))
    (catalogue.repository / file).write_text(f"zero: 1\n{text}")
    assert catalogue.refresh()[0].problem == ""
    assert catalogue.planted(file) == f"zero: 1\n{changed}"
