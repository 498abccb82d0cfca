"""`python -m benchmarks plan`: one sentence for what it can't use, a table for what it can."""

import json
import shutil
from pathlib import Path

import pytest

from benchmarks.command_line import FAILED, MISUSED, main
from benchmarks.commands import plan
from benchmarks.planning import run, sources
from benchmarks.planning.document import read_plan

FILES = (sources.PROFILE, sources.RECOGNIZER, sources.COUNTS, sources.PLAN, *sources.RUNS.values())


@pytest.mark.parametrize("text", ["0", "-1", "abc", "", "1e30", "nan", "inf", "99"])
def test_no_number_of_submissions(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plan", f"--per-day={text}"])
    assert ended.value.code == MISUSED
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert "submissions a day" in line
    assert "use " in line


def test_neither_a_load_nor_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plan"])
    assert ended.value.code == MISUSED
    assert "--per-day --into is required" in capsys.readouterr().err


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the results that a plan is made from."""
    folder = tmp_path / "results"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sources.RESULTS / name, folder / name)
    monkeypatch.setattr(plan, "RESULTS", folder)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_missing_results(results: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (results / name).unlink()
    assert main(["plan", "--per-day=1e6"]) == FAILED
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.strip().splitlines()
    assert line.endswith(".")
    assert name in line


@pytest.mark.parametrize("name", FILES)
def test_results_that_are_none(
    results: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (results / name).write_text("{}", encoding="utf-8")
    assert main(["plan", "--per-day=1e6"]) == FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert name in line


def test_a_load_is_planned_for_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--per-day=1e6"]) == 0
    shown = capsys.readouterr().out
    assert "replicas, recognition worker" in shown
    assert shown.count("the first limit is") == 2
    assert shown.count("Scaled by hand: ") == 2
    assert "The simulation, validated: throughput within" in shown


def test_the_document_of_all_loads_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = read_plan(sources.RESULTS / sources.PLAN)
    monkeypatch.setattr(run, "validation", lambda _: known.validation)
    monkeypatch.setattr(run, "plan", lambda _sources, _prices, _load: known.plans[0])
    assert main(["plan", "--into", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "new" / "plan.json")
    written = json.loads((tmp_path / "new" / "plan.json").read_text(encoding="utf-8"))
    assert len(written["plans"]) == len(run.LOADS)


def test_a_folder_that_can_t_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = read_plan(sources.RESULTS / sources.PLAN)
    monkeypatch.setattr(plan, "document", lambda _sources, _prices: known)
    (tmp_path / "file").touch()
    assert main(["plan", "--into", str(tmp_path / "file" / "folder")]) == FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "can't be written" in line
