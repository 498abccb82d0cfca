"""`python -m benchmarks cost`: one sentence for what it can't use, and a page for what it can."""

import json
from pathlib import Path

import pytest

from benchmarks.command_line import FAILED, MISUSED, main
from benchmarks.cost.prices import AWS
from benchmarks.repository import REPOSITORY

RESULTS = REPOSITORY / "benchmarks" / "results"
EXAMPLE = str(RESULTS / "example")


def sentence(status: int, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run the command, which must fail with a status; return its one line of errors."""
    assert main(["cost", *arguments]) == status
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.strip().splitlines()
    assert line.endswith(".")
    return line


def test_prices_that_can_t_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    assert "can't be read" in sentence(MISUSED, [EXAMPLE, "--prices", str(path)], capsys)
    text = AWS.read_text(encoding="utf-8")
    path.write_text(text.replace("dollars = 0.04048", "dollars = -1"), encoding="utf-8")
    line = sentence(MISUSED, [EXAMPLE, "--prices", str(path)], capsys)
    assert "prices.fargate_vcpu_hours.dollars must be a number of 0 or more, not -1" in line


def test_an_assumption_that_doesn_t_exist(capsys: pytest.CaptureFixture[str]) -> None:
    line = sentence(MISUSED, [EXAMPLE, "--assume", "peek=1"], capsys)
    assert "There is no assumption 'peek'" in line


def test_processes_that_nothing_can_hold(capsys: pytest.CaptureFixture[str]) -> None:
    line = sentence(MISUSED, [EXAMPLE, "--assume", "memory_headroom=1000"], capsys)
    assert line.startswith("No Fargate task of one vCPU has")


def test_a_folder_that_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is not a results folder" in sentence(FAILED, [str(tmp_path)], capsys)


def test_a_run_of_another_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(RESULTS / "example-deploy")
    assert "Name a run of the experiment scaling" in sentence(MISUSED, [folder], capsys)


def test_of_a_whole_comparison_the_scaling_is_priced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "comparison.json").write_text("{}", encoding="utf-8")
    line = sentence(FAILED, [str(tmp_path)], capsys)
    assert f"{tmp_path / 'scaling'} is not a results folder" in line


def test_counts_that_aren_t_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [EXAMPLE, "--counts", str(tmp_path / "none.json")]
    assert "none.json can't be read" in sentence(FAILED, given, capsys)


@pytest.mark.parametrize("given", ["monolith", "monolith=fast", "mainframe=1", "monolith=0"])
def test_a_measured_call_that_is_none(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["cost", EXAMPLE, "--function-ms", given])
    assert ended.value.code == MISUSED
    shown = capsys.readouterr().err
    assert f"{given!r} is no measured call: use monolith=MS or microservices=MS" in shown


@pytest.mark.slow
def test_a_run_is_priced_with_the_given_prices_and_assumptions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "mine.toml"
    text = AWS.read_text(encoding="utf-8")
    prices.write_text(
        text.replace("dollars = 0.0225", "dollars = 0.1225").replace("us-east-1", "elsewhere-1"),
        encoding="utf-8",
    )
    into = tmp_path / "page"
    given = ["--prices", str(prices), "--assume", "retention_days=0", "--into", str(into)]
    assert main(["cost", EXAMPLE, *given]) == 0
    shown = capsys.readouterr().out
    assert shown.strip().splitlines()[-1] == str(into / "cost.md")
    assert "elsewhere-1" in shown
    found = json.loads((into / "cost.json").read_text(encoding="utf-8"))
    before = json.loads((RESULTS / "example-cost" / "cost.json").read_text(encoding="utf-8"))
    dearer = 0.1 * 730  # the load balancer's hours
    for one, other in zip(found["deployments"], before["deployments"], strict=True):
        assert one["fixed"] == pytest.approx(other["fixed"] + dearer)
    assert "elsewhere-1" in (into / "cost.md").read_text(encoding="utf-8")
    assert (into / "cost.svg").read_text(encoding="utf-8").startswith("<svg")
