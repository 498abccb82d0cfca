"""The command keeps what was measured, part by part, and runs alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.command_line import main
from benchmarks.commands import measured_run, recognizer
from benchmarks.commands.recognizer import keep_each
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.results_model.recognizer import RecognizerResults
from benchmarks.targets.local.command_lock import only_one
from benchmarks.tests.recognizer.made_up import document


def interrupted() -> Iterator[RecognizerResults]:
    yield document()
    raise KeyboardInterrupt


def test_an_interrupted_measurement_keeps_the_parts_before(tmp_path: Path) -> None:
    output = tmp_path / "run" / "recognizer.json"
    with pytest.raises(KeyboardInterrupt):
        keep_each(interrupted(), output)
    assert json.loads(output.read_text())["blocks"] == document().blocks


def test_a_folder_that_can_t_be_made_is_a_sentence_before_anything_is_measured(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    begun = interrupted()
    with pytest.raises(FolderError, match=r"recognizer\.json can't be written: "):
        keep_each(begun, tmp_path / "file" / "recognizer.json")
    assert next(begun).blocks == document().blocks, "it had not begun"


def test_it_is_refused_beside_another_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "compare.lock"
    monkeypatch.setattr(measured_run, "MEASUREMENT_LOCK", lock)
    monkeypatch.setattr(recognizer, "end_with_parent", lambda: None)
    monkeypatch.setattr(recognizer, "measure", lambda **_options: interrupted())
    with only_one(lock, "compare", report=print):
        assert main(["recognizer", "--output", str(tmp_path / "recognizer.json")]) == 1
    assert "still holds the lock" in capsys.readouterr().err
    assert not (tmp_path / "recognizer.json").exists()
