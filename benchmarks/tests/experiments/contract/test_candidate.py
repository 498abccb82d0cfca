"""What the type checker keeps of a commit is there whole or not at all."""

from pathlib import Path

import pytest

from benchmarks.experiments.contract.candidate import make_kept_types
from benchmarks.targets.errors import ReleaseError


def checker(folder: Path, ending: str) -> Path:
    """Return a stand-in for the Python of a unit; its fourth argument is the checker's folder."""
    path = folder / "python"
    path.write_text(f'#!/bin/sh\nmkdir -p "$4"\necho half > "$4/types"\n{ending}\n')
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("status", [0, 1])
def test_what_a_checker_that_ended_has_written_is_kept(tmp_path: Path, status: int) -> None:
    kept = tmp_path / "types-abc"
    make_kept_types(checker(tmp_path, f"exit {status}"), tmp_path, kept)
    assert (kept / "types").exists()


@pytest.mark.parametrize("ending", ["kill -9 $$", "exit 2"])
def test_what_a_checker_that_was_ended_has_written_is_removed(tmp_path: Path, ending: str) -> None:
    """Ctrl-C kills the checkers of all changes: half of a cache would be kept for good."""
    kept = tmp_path / "types-abc"
    with pytest.raises(ReleaseError, match="The type checker ended with status"):
        make_kept_types(checker(tmp_path, ending), tmp_path, kept)
    assert [it.name for it in tmp_path.iterdir()] == ["python"]
