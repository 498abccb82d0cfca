"""Which folders a self-check goes on in."""

from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.experiments.runner.errors import FolderError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.selfcheck import check
from benchmarks.selfcheck.fault_injection import FAULTS


@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_that_holds_no_check_begins_no_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    monkeypatch.setattr(check, "measure", _refuse)
    mistyped = tmp_path / "mistyped"
    if is_there:
        mistyped.mkdir()
    with pytest.raises(FolderError, match="mistyped holds no self-check"):
        check.run(size="short", results=tmp_path, console=Console(), resume=mistyped)
    assert mistyped.exists() == is_there


def test_a_check_that_was_stopped_in_its_first_trial_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "measure", _refuse)
    ResultsFolder.begin(tmp_path / f"injected-{FAULTS[0].name}").write_json("run.json", {})
    with pytest.raises(RuntimeError, match="measured"):
        check.run(size="short", results=tmp_path, console=Console(), resume=tmp_path)


def _refuse(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("measured")
