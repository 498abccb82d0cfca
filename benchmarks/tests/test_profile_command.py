"""`profile`: a wrong number of blocks is one sentence; Ctrl-C keeps what was measured."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from benchmarks.command_line import INTERRUPTED, MISUSED, main
from benchmarks.commands import profile
from benchmarks.request_profile.kinds import kinds_of
from benchmarks.results_model.request_profile import read_profile
from benchmarks.tests.request_profile.made_up import SIZES, records


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run beside a comparison of this checkout, and don't end with the parent."""
    monkeypatch.setattr(profile, "end_with_parent", lambda: None)
    monkeypatch.setattr(profile, "alone", lambda _command: nullcontext())


@pytest.mark.parametrize("text", ["0", "-1", "five", "1.5", "", "101"])
def test_another_number_of_blocks_is_one_sentence(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["profile", f"--blocks={text}"])
    assert ended.value.code == MISUSED
    assert f"{text!r} is no number of blocks: use 1 to 100" in capsys.readouterr().err


def finish(monkeypatch: pytest.MonkeyPatch, *, counted: bool, error: BaseException | None) -> None:
    """Have a run that measured made-up records, and then ends."""

    def run(_bench: Any, kept: Any, _console: Any) -> None:
        made = records(counted=counted)
        kept.measured.extend(made.measured)
        kept.counted.extend(made.counted)
        if error is not None:
            raise error

    monkeypatch.setattr(profile, "run_blocks", run)


def test_a_run_leaves_its_document_its_page_and_its_figure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(monkeypatch, counted=True, error=None)
    folder = tmp_path / "into"
    assert main(["profile", "--blocks", "3", "--into", str(folder)]) == 0
    assert {it.name for it in folder.iterdir()} == {"profile.json", "profile.md", "profile.svg"}
    assert capsys.readouterr().out.splitlines()[-1] == str(folder / "profile.md")
    assert read_profile(folder / "profile.json").run.blocks == 3


def test_ctrl_c_keeps_what_was_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(monkeypatch, counted=False, error=KeyboardInterrupt())
    assert main(["profile", "--into", str(tmp_path)]) == INTERRUPTED
    shown = capsys.readouterr()
    assert "Interrupted; what was measured is in the folder" in shown.err
    assert str(tmp_path) in shown.out.splitlines()[0]
    found = read_profile(tmp_path / "profile.json")
    assert [kind.name for kind in found.kinds] == [kind.name for kind in kinds_of(SIZES)]
    assert {it.name for it in tmp_path.iterdir()} == {"profile.json"}


def test_a_run_that_measured_nothing_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(profile, "run_blocks", run)
    assert main(["profile", "--into", str(tmp_path / "new")]) == INTERRUPTED
    assert list((tmp_path / "new").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["profile", "--into", str(tmp_path / "file" / "folder")]) == 1
    assert "can't be written: Not a directory." in capsys.readouterr().err
