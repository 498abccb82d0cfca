"""A finished run is packed: one raw file, the same results and report, nothing to go on with."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.command_line import main
from benchmarks.experiments.comparison import Comparison
from benchmarks.experiments.isolation.run import begin
from benchmarks.experiments.results import derive, draw
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.experiments.runner.measured_trial import load_trials
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.pack import pack, raw_files, write_pack
from benchmarks.raw_files import PACK
from benchmarks.tests.report.outline import Outline


@pytest.fixture(scope="module")
def drawn(finished: ResultsFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with its report."""
    path = tmp_path_factory.mktemp("drawn") / finished.path.name
    shutil.copytree(finished.path, path)
    folder = ResultsFolder.open(path)
    draw(folder, derive(folder))
    return path


@pytest.fixture
def run(drawn: Path, tmp_path: Path) -> Path:
    """A copy of that run."""
    path = tmp_path / drawn.name
    shutil.copytree(drawn, path)
    return path


@pytest.fixture(scope="module")
def packed(finished: ResultsFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / finished.path.name
    shutil.copytree(finished.path, path)
    pack(path)
    return path


def test_three_files_are_left_and_the_logs(packed: Path) -> None:
    left = {it.name for it in packed.iterdir()} - {"screen.txt"}
    assert left == {"results.json", "report.html", PACK, "logs"}
    assert raw_files(packed) == []


def test_every_trial_is_read_from_the_pack_as_from_the_files(
    finished: ResultsFolder, packed: Path
) -> None:
    trials = load_trials(ResultsFolder.open(packed))
    assert trials == load_trials(finished)
    assert len(trials) == 4
    assert all(trial.calls and trial.rest for trial in trials)


def test_the_results_are_the_same_and_the_report_but_for_its_links(run: Path, packed: Path) -> None:
    assert (packed / "results.json").read_bytes() == (run / "results.json").read_bytes()
    first, second = (Outline((it / "report.html").read_text()) for it in (run, packed))
    own = {it for it in second.references if not it.startswith("#")}
    assert own == {"results.json", PACK, "data:,"}
    assert [it for it in first.elements if it[0] != "a"] == [
        it for it in second.elements if it[0] != "a"
    ]


def test_a_report_is_redrawn_from_the_pack(
    packed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (packed / "report.html").read_bytes()
    (packed / "report.html").unlink()
    assert main(["report", str(packed)]) == 0
    assert (packed / "report.html").read_bytes() == before
    assert capsys.readouterr().out.splitlines()[-1] == str(packed / "report.html")


def test_a_packed_run_has_nothing_to_go_on_with(
    packed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--resume", str(packed)]) == 1
    message = capsys.readouterr().err
    assert "is packed, and only a complete run is: there is nothing to go on with" in message


def test_isolation_begins_no_run_in_a_packed_folder(packed: Path) -> None:
    with pytest.raises(FolderError, match="is packed"):
        begin(packed, "quick", 1, "")
    assert not (packed / "run.json").exists()


def test_packed_twice_is_refused(packed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", str(packed)]) == 1
    assert "is packed already" in capsys.readouterr().err


def test_what_an_interrupted_packing_left_is_removed(run: Path, packed: Path) -> None:
    (run / PACK).write_bytes((packed / PACK).read_bytes())
    (run / "environment.json").unlink()
    assert pack(run) == run / PACK
    assert raw_files(run) == []
    assert len(load_trials(ResultsFolder.open(run))) == 4


def test_a_run_that_can_go_on_is_not_packed(run: Path) -> None:
    folder = ResultsFolder.open(run)
    record = folder.read_json("run.json")
    folder.write_json("run.json", {**record, "status": "interrupted"})
    with pytest.raises(FolderError, match=r"is not complete \(interrupted\).*RESUME="):
        pack(run)
    assert not list(run.glob(f"{PACK}*"))


def test_files_that_change_while_they_are_packed_are_kept(run: Path) -> None:
    """Here the pack has another seed than the files: its report would differ from theirs."""

    def write_another(target: Path, folder: Path, files: Sequence[Path]) -> None:
        record = (folder / "run.json").read_text()
        (folder / "run.json").write_text(json.dumps({**json.loads(record), "seed": 4711}))
        write_pack(target, folder, files)
        (folder / "run.json").write_text(record)

    before = raw_files(run)
    with pytest.raises(FolderError, match="isn't the same when it is made from a pack"):
        pack(run, write_another)
    assert raw_files(run) == before
    assert not list(run.glob(f"{PACK}*"))


def test_a_damaged_pack_ends_a_report_with_a_sentence(
    run: Path, packed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (run / PACK).write_bytes((packed / PACK).read_bytes()[:-30])
    assert main(["report", str(run)]) == 1
    assert f"{run / PACK} is damaged or incomplete" in capsys.readouterr().err


def test_each_experiment_of_a_comparison_is_packed(finished: ResultsFolder, tmp_path: Path) -> None:
    comparison = Comparison.create(tmp_path, profile="quick", seed=1, experiments=["scaling"])
    folder = comparison.folder_of("scaling")
    shutil.copytree(finished.path, folder)
    derive(ResultsFolder.open(folder))
    assert main(["pack", str(comparison.path)]) == 0
    left = {it.name for it in comparison.path.iterdir()}
    assert left == {"comparison.json", "report.html", "scaling"}
    assert (folder / PACK).is_file()
    assert raw_files(folder) == []
    page = (comparison.path / "report.html").read_text(encoding="utf-8")
    assert 'href="scaling/report.html"' in page
    before = (folder / PACK).stat().st_mtime_ns
    assert main(["pack", str(comparison.path)]) == 0, "again: what is packed stays as it is"
    assert (folder / PACK).stat().st_mtime_ns == before
