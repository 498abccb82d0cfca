"""`report --against`: whole comparisons and single runs side by side, and the exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.command_line import main
from benchmarks.experiments.comparison import Comparison
from benchmarks.repository import REPOSITORY

EXAMPLES = REPOSITORY / "benchmarks" / "results"
NAMES = ("deploy", "isolation")


def comparison(parent: Path, verdicts: dict[str, str] | None = None) -> Path:
    """Make the folder of a comparison from committed runs; some claims get another verdict."""
    parent.mkdir()
    made = Comparison.create(parent, profile="quick", seed=7, experiments=NAMES)
    for name in NAMES:
        content = json.loads((EXAMPLES / f"example-{name}" / "results.json").read_text())
        for claim in content["experiments"][name]["claims"]:
            claim["verdict"] = (verdicts or {}).get(claim["name"], claim["verdict"])
        write(made.folder_of(name), content)
    return made.path.rename(parent / f"{parent.name}-quick")


def write(folder: Path, content: Any) -> None:
    folder.mkdir()
    (folder / "results.json").write_text(json.dumps(content))


def test_two_comparisons_with_a_planted_flip_end_with_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = comparison(tmp_path / "one")
    second = comparison(
        tmp_path / "two", {"whole-cpu": "not supported", "lead-time": "no difference that matters"}
    )
    assert main(["report", str(first), "--against", str(second)]) == 1
    shown = capsys.readouterr().out.splitlines()
    named = [line for line in shown if line.startswith("The verdict ")]
    assert named == [
        "The verdict flips: isolation, whole-cpu: supported | not supported",
        "The verdict differs: deploy, lead-time: inconclusive | no difference that matters",
    ]
    page = first / "against-two-quick.html"
    assert shown[-1] == str(page)
    assert page.read_text().count(">flips</span>") == 1


def test_a_verdict_that_becomes_inconclusive_is_named_and_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (
        comparison(tmp_path / "one"),
        comparison(tmp_path / "two", {"whole-cpu": "inconclusive"}),
    )
    assert main(["report", str(second), "--against", str(first)]) == 0
    assert "isolation, whole-cpu: inconclusive | supported" in capsys.readouterr().out


def test_a_single_run_is_set_beside_its_experiment_of_a_comparison(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "alone"
    write(run, json.loads((EXAMPLES / "example-isolation" / "results.json").read_text()))
    whole = comparison(tmp_path / "one")
    assert main(["report", str(run), "--against", str(whole)]) == 0
    shown = capsys.readouterr().out
    assert "Only one of the runs has deploy." in shown
    assert "0 another one, and 0 flip" in shown


def test_runs_without_a_common_experiment_are_misused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [tmp_path / name for name in ("deploy", "contract")]
    for folder in folders:
        write(
            folder, json.loads((EXAMPLES / f"example-{folder.name}" / "results.json").read_text())
        )
    assert main(["report", str(folders[0]), "--against", str(folders[1])]) == 2
    assert "have no experiment in common" in capsys.readouterr().err


def test_runs_on_other_numbers_of_cores_are_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = []
    for cores in ([0], [0, 1]):
        content = json.loads((EXAMPLES / "example-deploy" / "results.json").read_text())
        content["environment"]["cpu"]["target_cores"] = cores
        folders.append(tmp_path / f"on-{len(cores)}")
        write(folders[-1], content)
    assert main(["report", str(folders[0]), "--against", str(folders[1])]) == 2
    assert "the target had 1 and in the other 2 cores: such runs aren't compared" in (
        capsys.readouterr().err
    )
    assert not list(folders[0].glob("against-*"))
