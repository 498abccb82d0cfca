"""The committed examples are few files, small, and readable as they are."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.experiments.comparison import Comparison, is_comparison
from benchmarks.experiments.results import results_of
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.raw_files import PACK
from benchmarks.report.findings import replication
from benchmarks.results_model import reading

REPOSITORY = Path(__file__).resolve().parents[2]
RESULTS = REPOSITORY / "benchmarks" / "results"
OF_A_RUN = {"results.json", "report.html", PACK}
MOST_FILES, MOST_BYTES = 68, 19_500_000
# What commands leave that make no run
OF_COMMANDS = (
    *("reliability", "rehearsal", "cost", "growth", "load-sizing", "plan"),
    *("profile", "recognizer", "trace"),
)
OTHERS = {f"example-{name}" for name in OF_COMMANDS}
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
COMPARISONS = sorted(it for it in FOLDERS if is_comparison(it))
RUNS = sorted(
    [it for it in FOLDERS - {*COMPARISONS} if it.is_dir() and it.name not in OTHERS]
    + [run / name for run in COMPARISONS for name in Comparison.open(run).experiments]
)


def name_of(run: Path) -> str:
    """The folder's name below that of the results."""
    return run.relative_to(RESULTS).as_posix()


def test_they_are_few_and_small() -> None:
    files = committed()
    assert len(files) <= MOST_FILES
    assert sum(it.stat().st_size for it in files) < MOST_BYTES


def test_there_are_runs() -> None:
    assert {*map(name_of, RUNS)} >= {
        *("example", "example-deploy", "example-contract", "example-isolation", "example-faults"),
        "example-stalls",
    }


@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_each_run_is_its_results_its_report_and_one_pack(run: Path) -> None:
    files = {it.name for it in committed() if it.is_relative_to(run)}
    assert files == OF_A_RUN | BESIDE.get(name_of(run), set())


def test_a_comparison_has_its_page_and_its_experiments() -> None:
    """The pair of quick runs that the page on replication is made from."""
    assert [it.name for it in COMPARISONS] == [*replication.RUNS]
    for run in COMPARISONS:
        beside = {it.name for it in committed() if it.parent == run}
        assert beside == {"comparison.json", "report.html"}


@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_each_pack_is_of_the_run_that_its_results_are_of(run: Path) -> None:
    record = ResultsFolder.open(run).read_json("run.json")
    results = reading.read(run / "results.json")
    assert record["status"] == "complete"
    assert [*results.experiments] == [record["experiment"]]
    assert results.run.id == record["id"]
    assert results.run.order == record["order"]


@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_each_report_links_to_its_pack(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert f'href="{PACK}"' in page
    assert 'href="raw/' not in page


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_each_document_is_what_its_pack_gives(run: Path) -> None:
    derived = dict(_values(reading.to_plain(results_of(ResultsFolder.open(run)))))
    committed_values = dict(_values(reading.to_plain(reading.read(run / "results.json"))))
    assert derived.keys() == committed_values.keys(), "make report"
    for path, value in derived.items():
        # The last digits of a figure may differ from machine to machine.
        wanted = pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
        assert committed_values[path] == wanted, f"{path}: make report"


def _values(node: object, path: str = "$") -> Iterator[tuple[str, object]]:
    """Yield every plain value of a document with its path."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _values(value, f"{path}.{name}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _values(value, f"{path}[{place}]")
    else:
        yield path, node
