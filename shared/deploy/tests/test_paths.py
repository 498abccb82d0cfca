"""A missing environment is a sentence that names the command which makes it."""

from pathlib import Path

import pytest
from aws import __main__ as command
from aws import paths
from aws.paths import TEMPLATES, MissingEnvironment, program


def test_every_template_is_there() -> None:
    assert [path for path in TEMPLATES.values() if not path.exists()] == []


def test_a_missing_environment_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "VENVS", tmp_path)
    with pytest.raises(MissingEnvironment, match=r"run `make \.venvs/deploy-sam` first"):
        program("deploy-sam", "sam")
    assert command.main(["check"]) == 1
    assert "first." in capsys.readouterr().err


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["chekc"]) == 2
    assert "usage: " in capsys.readouterr().err
