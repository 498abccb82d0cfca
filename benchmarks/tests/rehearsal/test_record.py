"""A rehearsal's document has every step, and survives its file."""

from pathlib import Path

import pytest

from benchmarks.command_line import main
from benchmarks.commands import rehearse
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.rehearsal.outcome import Outcome
from benchmarks.rehearsal.record import Record
from benchmarks.results_model.rehearsal import (
    REHEARSAL_VERSION,
    UnreadableRehearsal,
    read_rehearsal,
)

RELEASED = Outcome(
    "releases", "accounts", {"releases": 3, "requests": 40, "failed requests": 1}, ("page failed",)
)
SCALED = Outcome(
    "queue",
    "recognition-worker",
    {"fewest workers": 0, "requests": 500, "failed requests": 0},
    (),
    ((0.0, 0), (9.5, 2), (80.0, 0)),
)


@pytest.fixture
def record() -> Record:
    begun = Record.begin("kubernetes", "microservices")
    assert begun.ready() >= 0
    begun.outcomes += [RELEASED, SCALED]
    return begun


def test_a_step_has_its_name_in_words() -> None:
    assert [RELEASED.step, SCALED.step] == [
        "releases of accounts",
        "recognition-worker scaled by its queue",
    ]


def test_the_document_survives_its_file(record: Record, tmp_path: Path) -> None:
    path = record.write(tmp_path / "new")
    assert path == tmp_path / "new" / "kubernetes-microservices.json"
    document = read_rehearsal(path)
    assert document.rehearsal_version == REHEARSAL_VERSION
    assert (document.engine, document.architecture) == ("kubernetes", "microservices")
    assert document.ready_seconds == record.ready_seconds
    assert document.environment["cpu"]["cores"] >= 1
    (released,), (scaled,) = document.of("releases"), document.of("queue")
    assert released.figures == RELEASED.figures
    assert released.problems == ["page failed"]
    assert [(it.at_seconds, it.count) for it in scaled.workers] == [(0, 0), (9.5, 2), (80, 0)]
    assert (document.total("requests"), document.total("failed requests")) == (540, 1)


def test_a_folder_that_cannot_be_written_is_named(record: Record, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match=r"/file can't be written: File exists\.$"):
        record.write(tmp_path / "file")


def test_such_a_folder_is_refused_before_anything_is_deployed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed: list[str] = []
    monkeypatch.setattr(rehearse, "_deployed", lambda name, _options: deployed.append(name))
    (tmp_path / "file").touch()
    arguments = ["rehearse", "--engine", "compose", "--into", str(tmp_path / "file"), "monolith"]
    assert main(arguments) == 1
    assert capsys.readouterr().err == f"{tmp_path}/file can't be written: File exists.\n"
    assert deployed == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "can't be read: No such file or directory"),
        ("{}", "is no document of a rehearsal"),
    ],
)
def test_a_document_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, text: str | None, reason: str
) -> None:
    path = tmp_path / "compose-monolith.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UnreadableRehearsal, match=reason):
        read_rehearsal(path)


def test_another_version_is_refused(record: Record, tmp_path: Path) -> None:
    path = record.write(tmp_path)
    text = path.read_text()
    path.write_text(text.replace('"rehearsal_version": 2', '"rehearsal_version": 1'))
    with pytest.raises(UnreadableRehearsal, match=r"is of version 1; .* Rehearse again\."):
        read_rehearsal(path)
