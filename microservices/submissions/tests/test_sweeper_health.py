"""The sweeper reports progress by the age of a file, and none while its sweeps fail."""

from pathlib import Path

import pytest
from pytest_django import Settings

import worker_health
from submissions.management.commands import sweep


@pytest.fixture
def heartbeat(tmp_path: Path, settings: Settings) -> Path:
    file = tmp_path / "heartbeat"
    settings.WORKER_HEARTBEAT_FILE = str(file)
    return file


@pytest.mark.parametrize("more", [True, False])
def test_a_sweep_touches_the_file(
    heartbeat: Path, monkeypatch: pytest.MonkeyPatch, *, more: bool
) -> None:
    monkeypatch.setattr(sweep, "_attempts_sweep", lambda: more)
    assert sweep._attempts_step() is more
    assert worker_health.main([str(heartbeat)]) == 0


def test_a_sweep_that_fails_does_not(heartbeat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bool:
        raise ConnectionError

    monkeypatch.setattr(sweep, "_attempts_sweep", fail)
    with pytest.raises(ConnectionError):
        sweep._attempts_step()
    assert worker_health.main([str(heartbeat)]) == 1


def test_a_file_that_cannot_be_written_ends_no_sweep(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WORKER_HEARTBEAT_FILE = str(tmp_path / "missing" / "heartbeat")
    monkeypatch.setattr(sweep, "_attempts_sweep", lambda: False)
    assert sweep._attempts_step() is False
