"""Other work beside a release: what is known of it, from a committed trial."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from benchmarks.experiments.runner.extra_blocks import is_lost
from benchmarks.experiments.runner.measured_trial import Trial, load_trial
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.repository import REPOSITORY

RAW = REPOSITORY / "benchmarks" / "results" / "example-deploy" / "raw.zip"
TRIAL = "-releases-block1-field-added-monolith/"


def trial(place: Path, **window: float) -> Trial:
    """Return the committed trial, with other figures of its window."""
    with ZipFile(RAW) as packed:
        packed.extractall(place, [name for name in packed.namelist() if TRIAL in name])
    (file,) = place.glob(f"raw/*{TRIAL}trial.json")
    document = json.loads(file.read_text())
    document["windows"][0] |= window
    file.write_text(json.dumps(document))
    (path,) = ResultsFolder(place).trials()
    return load_trial(ResultsFolder(place), path)


def test_a_release_s_own_command_is_no_other_work(tmp_path: Path) -> None:
    found = trial(tmp_path)
    assert found.levels[0].foreign_cores == pytest.approx(0.2, abs=0.05), "the migrations"
    assert not found.disturbed
    assert not is_lost(found)


@pytest.mark.parametrize("other", [{"beside_busy_seconds": 20.0}, {"steal_share": 0.2}])
def test_work_beside_it_disturbs_a_release(tmp_path: Path, other: dict[str, float]) -> None:
    """The window lasts 18 s, so 20 s of the other core are more than a tenth of it."""
    found = trial(tmp_path, **other)
    assert found.disturbed
    assert is_lost(found), "its block is made up for"
