"""The committed examples are few files, small, and readable as they are."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.raw_files import PACK
from benchmarks.results_model import reading

REPOSITORY = Path(__file__).resolve().parents[2]
RESULTS = REPOSITORY / "benchmarks" / "results"
OF_A_RUN = {"results.json", "report.html", PACK}
MOST_FILES, MOST_BYTES = 30, 12_000_000
# What commands leave that make no run: `make reliability` and `make selfcheck`.
OTHERS = {"example-reliability"}
BESIDE = {"example": {"selfcheck.json"}}


def committed() -> list[Path]:
    """The files below results that are in git, or will be with the next commit of all."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "."],
        cwd=RESULTS,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [RESULTS / name for name in listed.split("\0") if name and (RESULTS / name).exists()]


FOLDERS = {RESULTS / it.relative_to(RESULTS).parts[0] for it in committed()}
RUNS = sorted(it for it in FOLDERS if it.is_dir() and it.name not in OTHERS)


def test_they_are_few_and_small() -> None:
    files = committed()
    assert len(files) <= MOST_FILES
    assert sum(it.stat().st_size for it in files) < MOST_BYTES


def test_there_are_runs() -> None:
    assert {it.name for it in RUNS} >= {
        *("example", "example-deploy", "example-contract", "example-isolation", "example-faults"),
    }


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_each_run_is_its_results_its_report_and_one_pack(run: Path) -> None:
    files = {it.name for it in committed() if it.is_relative_to(run)}
    assert files == OF_A_RUN | BESIDE.get(run.name, set())


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_each_pack_is_of_the_run_that_its_results_are_of(run: Path) -> None:
    record = ResultsFolder.open(run).read_json("run.json")
    results = reading.read(run / "results.json")
    assert record["status"] == "complete"
    assert [*results.experiments] == [record["experiment"]]
    assert results.run.id == record["id"]
    assert results.run.order == record["order"]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_each_report_links_to_its_pack(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert f'href="{PACK}"' in page
    assert 'href="raw/' not in page
