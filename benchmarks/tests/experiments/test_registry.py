"""Adding an experiment takes one package and one registration: followed for a throw-away one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.experiments import registry
from benchmarks.targets.architectures import REPOSITORY

BENCHMARKS = REPOSITORY / "benchmarks"
THROW_AWAY = {
    "__init__.py": '''"""Throw-away: whether an experiment can be added."""

NAME = "throw-away"
TITLE = "Throw-away: whether an experiment can be added"
''',
    "run.py": '''"""How it is run: it measures nothing."""

from pathlib import Path

from benchmarks.experiments.runner.catalogue_experiment import CatalogueExperiment, Report
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run_record import RECORD, new_record
from benchmarks.experiments.throw_away import NAME, TITLE
from benchmarks.results_model.experiments import OtherResults


def run(folder: Path, profile: str, seed: int, report: Report) -> list[str]:
    results = ResultsFolder(folder)
    record = new_record(folder, NAME, profile=profile, seed=seed, base="", order=[])
    results.write_json(RECORD, record | {"status": "complete"})
    results.write_json("environment.json", describe(split_cores(share=True)))
    report("thrown away")
    return []


def summarize(_folder: Path) -> OtherResults:
    return OtherResults(
        experiment=NAME, title=TITLE, claims=[], floor_cpu_ms=None, sweeps=[], trials=[]
    )


EXPERIMENT: Experiment = CatalogueExperiment(NAME, TITLE, run, summarize)
''',
}


@pytest.mark.parametrize("name", registry.NAMES)
def test_each_experiment_is_found_under_its_own_name(name: str) -> None:
    experiment = registry.experiment_named(name)
    assert experiment.name == name
    assert experiment.title.lower().startswith(name)


@pytest.mark.parametrize("name", registry.NAMES)
def test_each_package_has_the_same_modules(name: str) -> None:
    package = BENCHMARKS / "experiments" / name
    modules = {path.stem for path in package.iterdir()}
    assert modules >= {"__init__", "claims", "sweeps", "run", "summary"}


def benchmarks(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_a_package_and_a_name_in_the_registry_add_an_experiment(tmp_path: Path) -> None:
    skipped = shutil.ignore_patterns("results", "tests", "__pycache__", ".mypy_cache")
    shutil.copytree(BENCHMARKS, tmp_path / "benchmarks", ignore=skipped)
    (tmp_path / "shared").symlink_to(REPOSITORY / "shared")
    (tmp_path / "benchmarks" / "results").mkdir()
    refused = benchmarks(tmp_path, "compare", "--experiments", "throw_away")
    assert refused.returncode == 2
    assert refused.stderr.startswith("There is no experiment 'throw_away'")
    # One package
    package = tmp_path / "benchmarks" / "experiments" / "throw_away"
    package.mkdir()
    for module, text in THROW_AWAY.items():
        (package / module).write_text(text.replace("throw-away", "throw_away"))
    # One registration
    listed = tmp_path / "benchmarks" / "experiments" / "registry.py"
    before = listed.read_text()
    listed.write_text(before.replace('    "faults",\n', '    "faults",\n    "throw_away",\n'))
    assert listed.read_text() != before

    done = benchmarks(tmp_path, "compare", "--experiments", "throw_away", "--profile", "smoke")
    assert done.returncode == 0, done.stderr
    assert "thrown away" in done.stdout
    (folder,) = (tmp_path / "benchmarks" / "results").iterdir()
    results = json.loads((folder / "results.json").read_text())
    assert results["experiments"].keys() == {"throw_away"}
    (folder / "report.html").unlink()
    assert benchmarks(tmp_path, "report", str(folder)).returncode == 0
    assert (folder / "report.html").exists()
