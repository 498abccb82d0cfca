"""The command line: what it refuses, and the report drawn again."""

from pathlib import Path

import pytest

from benchmarks.command_line import main
from benchmarks.experiments.runner.results_folder import ResultsFolder


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "--profile", "fast"], "There is no profile 'fast'"),
        (["compare", "--experiments", "speed"], "There is no experiment 'speed'"),
        (["compare", "--experiments", "scaling,speed"], "There is no experiment 'speed'"),
        (["compare", "--experiments", " , "], "No experiment is named"),
        (["compare", "--sweeps", "load"], "SWEEPS can't be followed by scaling, deploy, isolation"),
    ],
)
def test_what_does_not_exist_is_one_sentence_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1
    assert shown.out == ""


def test_a_folder_without_a_run_is_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path)]) == 1
    assert "not a results folder" in capsys.readouterr().err


@pytest.mark.slow
def test_the_report_is_redrawn_from_the_raw_files(
    finished: ResultsFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(finished.path)]) == 0
    first = {name: (finished.path / name).read_bytes() for name in ("results.json", "report.html")}
    for name in first:
        (finished.path / name).unlink()
    capsys.readouterr()
    assert main(["report", str(finished.path)]) == 0
    for name, content in first.items():
        assert (finished.path / name).read_bytes() == content
    shown = capsys.readouterr().out.strip().splitlines()
    assert shown[-1] == str(finished.path / "report.html"), "the last line is the report's path"
    assert any("CPU-ms per submission" in line for line in shown)
