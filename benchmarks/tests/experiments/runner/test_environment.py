"""Which source a run was made of."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.experiments.runner.environment import source


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "monolith").mkdir()
    (tmp_path / "benchmarks" / "results").mkdir(parents=True)
    (tmp_path / "monolith" / "accounts.py").write_text("one = 1\n")
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for arguments in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, timeout=60)
    return tmp_path


def test_a_tree_without_changes_is_its_commit_alone(repository: Path) -> None:
    found = source(repository)
    assert len(found.pop("commit")) == 40
    assert found == {"changed": False}


def test_an_edit_of_a_tree_with_changes_makes_it_another_one(repository: Path) -> None:
    file, new = repository / "monolith" / "accounts.py", repository / "monolith" / "new.py"
    file.write_text("one = 2\n")
    first = source(repository)
    assert first["changed"]
    assert source(repository) == first
    file.write_text("one = 3\n")
    second = source(repository)
    new.write_text("two = 2\n")
    third = source(repository)
    new.write_text("two = 3\n")
    digests = {it["digest"] for it in (first, second, third, source(repository))}
    assert len(digests) == 4
    new.unlink()
    assert source(repository) == second


def test_results_are_no_change_of_what_is_measured(repository: Path) -> None:
    (repository / "monolith" / "accounts.py").write_text("one = 2\n")
    first = source(repository)
    (repository / "benchmarks" / "results" / "report.html").write_text("<p>")
    assert source(repository) == first


def test_a_folder_without_a_repository_has_no_commit(tmp_path: Path) -> None:
    assert source(tmp_path) == {"commit": "", "changed": False}
