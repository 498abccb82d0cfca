"""Several experiments in one run: which are chosen, what is left after a stop, the first page."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.commands.compared_steps import Steps, new_steps, resumed_steps
from benchmarks.experiments.comparison import Comparison, is_comparison
from benchmarks.experiments.registry import HEADLINES, NAMES, default_names, names_in
from benchmarks.experiments.runner.arm_conformance import PROOFS, unproved
from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import FolderError, UsageError
from benchmarks.experiments.runner.experiment import RunOptions
from benchmarks.experiments.runner.plans import CONFORMANCE_SECONDS
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.experiments.runner.results_folder import ResultsFolder, run_id
from benchmarks.targets.architectures import REPOSITORY

QUICK = RunOptions(profile="quick", seed=7, share_core=True)
PASSED = {"passed": True, "selection": "all"}
FAILED = {"passed": False}


@pytest.fixture
def comparison(tmp_path: Path) -> Comparison:
    return Comparison.create(tmp_path, profile="smoke", seed=7, experiments=("deploy", "isolation"))


def test_names_are_a_list_or_all_in_the_registry_s_order() -> None:
    assert names_in(" isolation, scaling,scaling") == ("scaling", "isolation")
    assert names_in("faults,all") == NAMES
    assert default_names("quick", is_external=False) == HEADLINES
    assert default_names("standard", is_external=False) == NAMES
    assert default_names("quick", is_external=True) == ("scaling",)


def test_a_quick_comparison_has_the_three_headline_experiments_and_one_seed() -> None:
    steps = new_steps("", QUICK)
    assert [step.experiment.name for step in steps.left] == list(HEADLINES)
    assert all(step.planned.profile == "quick" for step in steps.left)
    assert sum(step.planned.seconds for step in steps.left) > 0
    alone = new_steps("deploy", QUICK)
    assert [step.experiment.name for step in alone.left] == ["deploy"]
    assert alone.begin() is None, "one experiment has a folder of its own"


@pytest.mark.parametrize("given", [{"sweeps": "load"}, {"rates": "2"}, {"api": "a.py:A"}])
def test_an_option_of_one_experiment_is_refused_for_several(given: dict[str, str]) -> None:
    (name,) = given
    with pytest.raises(UsageError, match=f"^{name.upper()} can't be followed by scaling, deploy"):
        new_steps("scaling,deploy", replace(QUICK, **given))  # type: ignore[arg-type]


def test_what_has_not_begun_or_not_ended_is_left(comparison: Comparison) -> None:
    assert is_comparison(comparison.path)
    assert Comparison.open(comparison.path) == comparison
    options = RunOptions(profile="full", share_core=True)
    both = resumed_steps(comparison.path, options)
    assert [step.experiment.name for step in both.left] == ["deploy", "isolation"]
    assert {step.planned.profile for step in both.left} == {"smoke"}, "the profile it was begun in"
    _end(comparison, "deploy")
    rest = resumed_steps(comparison.path, options)
    assert [step.experiment.name for step in rest.left] == ["isolation"]
    _end(comparison, "isolation")
    with pytest.raises(FolderError, match="is complete: there is nothing to go on with"):
        resumed_steps(comparison.path, options)


def test_what_an_earlier_experiment_has_proved_is_not_run_again(comparison: Comparison) -> None:
    arms = [Arm("field-added-monolith", "monolith"), Arm("released", "microservices")]
    function = Arm("with-function", "monolith", {"RECOGNITION": "lambda"})
    first = comparison.begin("deploy")
    assert unproved(first, arms, "all") == arms
    proofs = {side: PASSED | {"code_base": side} for side in ("monolith", "microservices")}
    first.write_json(PROOFS, proofs)
    second = comparison.begin("isolation")
    assert unproved(second, arms, "all") == []
    assert unproved(second, [*arms, function], "all") == [function], "another handler of messages"
    assert unproved(second, arms, "test_tokens") == arms, "of another selection of cases"
    second.write_json(PROOFS, proofs | {"microservices": proofs["microservices"] | FAILED})
    assert unproved(second, arms, "all") == arms[1:]
    second.write_json(PROOFS, {"monolith": PASSED, "microservices": PASSED})
    assert unproved(second, arms, "all") == arms, "earlier runs didn't record what they checked"


def test_a_planted_arm_is_proved_by_the_cases_that_it_can_keep(comparison: Comparison) -> None:
    planted = Arm("in-request", "monolith", plant="somewhere", unkept=("test_one", "test_two"))
    folder = comparison.begin("deploy")
    proof = PASSED | {"code_base": "monolith somewhere", "selection": "not (test_one or test_two)"}
    folder.write_json(PROOFS, {"in-request": proof})
    assert unproved(folder, [planted], "all") == []
    assert unproved(folder, [replace(planted, unkept=())], "all") != []


def test_an_experiment_s_run_is_named_with_its_comparison(comparison: Comparison) -> None:
    folder = comparison.begin("deploy")
    assert run_id(folder.path) == f"{comparison.path.name}/deploy"
    assert run_id(comparison.path) == comparison.path.name


@pytest.mark.parametrize("what", ["source", "versions", "cpu"])
def test_what_has_not_begun_is_not_run_with_another_commit_or_on_another_machine(
    comparison: Comparison, what: str
) -> None:
    options = RunOptions(share_core=True)
    _end(comparison, "deploy")
    folder = ResultsFolder(comparison.folder_of("deploy"))
    now = describe(Cores(frozenset({0, 2}), 5))
    folder.write_json("environment.json", now)
    assert [it.experiment.name for it in resumed_steps(comparison.path, options).left] == [
        "isolation"
    ], "other cores of the same machine, as another experiment may have"
    folder.write_json("environment.json", {**now, what: {**now[what], "commit": "0" * 40}})
    with pytest.raises(FolderError, match=f"deploy was begun with another {what} "):
        resumed_steps(comparison.path, options)


def _end(comparison: Comparison, name: str) -> None:
    record = {"raw_version": 2, "experiment": name, "status": "complete"}
    comparison.begin(name).write_json("run.json", record)


THROW_AWAY = '''"""How it is run: it measures nothing, and the second stops once."""

from pathlib import Path

from benchmarks.experiments.runner.catalogue_experiment import CatalogueExperiment, Report
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import MachineError
from benchmarks.experiments.runner.experiment import Experiment
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run_record import RECORD, new_record
from benchmarks.results_model.experiments import OtherResults


def run(folder: Path, profile: str, seed: int, report: Report) -> list[str]:
    results = ResultsFolder(folder)
    record = new_record(folder, "NAME", profile=profile, seed=seed, base="", order=[])
    results.write_json("environment.json", describe(split_cores(share=True)))
    if "NAME" == "second" and not (folder / RECORD).exists():
        results.write_json(RECORD, record | {"status": "stopped: the disk was full"})
        raise MachineError("The disk was full.")
    results.write_json(RECORD, record | {"status": "complete"})
    report("ran NAME")
    return []


def summarize(_folder: Path) -> OtherResults:
    return OtherResults(
        experiment="NAME", title="It", claims=[], floor_cpu_ms=None, sweeps=[], trials=[]
    )


EXPERIMENT: Experiment = CatalogueExperiment("NAME", "NAME", run, summarize)
'''


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the benchmarks with two experiments that measure nothing."""
    source = REPOSITORY / "benchmarks"
    skipped = shutil.ignore_patterns("results", "tests", "__pycache__", ".mypy_cache")
    shutil.copytree(source, tmp_path / "benchmarks", ignore=skipped)
    for folder in ("shared", ".ci"):
        (tmp_path / folder).symlink_to(REPOSITORY / folder)
    (tmp_path / "benchmarks" / "results").mkdir()
    for name in ("first", "second"):
        package = tmp_path / "benchmarks" / "experiments" / name
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "run.py").write_text(THROW_AWAY.replace("NAME", name))
    registry = tmp_path / "benchmarks" / "experiments" / "registry.py"
    added = '    "faults",\n    "first",\n    "second",\n'
    registry.write_text(registry.read_text().replace('    "faults",\n', added))
    return tmp_path


def benchmarks(
    folder: Path, *arguments: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("names", ["isolation", "first,isolation"])
def test_a_tree_with_changes_is_refused_before_anything_is_measured(copy: Path, names: str) -> None:
    (copy / "monolith").mkdir()
    (copy / "monolith" / "accounts.py").write_text("one = 1\n")
    commit_all(copy)
    (copy / "monolith" / "accounts.py").write_text("other = 1\n")
    options = ("--profile", "smoke", "--share-core", "--experiments", names)
    refused = benchmarks(copy, "compare", *options)
    assert refused.returncode == 1
    assert refused.stderr.startswith("There are changes that aren't committed (monolith/accounts")
    assert len(refused.stderr.splitlines()) == 1
    assert list((copy / "benchmarks" / "results").iterdir()) == []


def test_without_git_it_is_refused_in_a_sentence_too(copy: Path) -> None:
    (copy / "bin").mkdir()
    options = ("--profile", "smoke", "--share-core", "--experiments", "contract")
    refused = benchmarks(copy, "compare", *options, PATH=str(copy / "bin"))
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1, refused.stderr
    assert list((copy / "benchmarks" / "results").iterdir()) == []


def commit_all(folder: Path) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for arguments in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *arguments], cwd=folder, check=True, timeout=60)


@pytest.mark.slow
def test_a_stopped_comparison_is_reported_and_resumed_as_a_whole(copy: Path) -> None:
    options = ("--profile", "smoke", "--share-core")
    stopped = benchmarks(copy, "compare", "--experiments", "first,second", *options)
    assert stopped.returncode == 1, stopped.stderr
    assert "The disk was full." in stopped.stderr
    assert "Experiment 2 of 2: second" in stopped.stdout
    (folder,) = (copy / "benchmarks" / "results").iterdir()
    assert stopped.stdout.splitlines()[-1] == str(folder / "report.html")
    page = (folder / "report.html").read_text()
    assert "The experiment second is not complete: stopped: the disk was full." in page
    assert 'href="first/report.html"' in page
    seeds = {
        json.loads((folder / it / "run.json").read_text())["seed"] for it in ("first", "second")
    }
    assert len(seeds) == 1

    resumed = benchmarks(copy, "compare", "--resume", str(folder))
    assert resumed.returncode == 0, resumed.stderr
    assert "ran second" in resumed.stdout
    assert "ran first" not in resumed.stdout
    page = (folder / "report.html").read_text()
    assert "is not complete" not in page
    (folder / "report.html").unlink()
    (folder / "first" / "report.html").unlink()
    redrawn = benchmarks(copy, "report", str(folder))
    assert redrawn.returncode == 0, redrawn.stderr
    assert (folder / "report.html").read_text() == page
    assert (folder / "first" / "report.html").exists()


def test_a_folder_with_other_fields_is_one_sentence(comparison: Comparison) -> None:
    (comparison.path / "comparison.json").write_text('{"profile": "smoke"}')
    with pytest.raises(FolderError, match="has other fields"):
        Comparison.open(comparison.path)
    assert ResultsFolder(comparison.path).read_json("comparison.json") == {"profile": "smoke"}


@pytest.mark.parametrize(
    ("profile", "names", "minutes"),
    [("quick", ("scaling", "deploy", "isolation"), 18), ("standard", NAMES, 215)],
)
def test_a_comparison_is_planned_to_end_in_time(
    profile: str, names: Sequence[str], minutes: float
) -> None:
    steps = new_steps(",".join(names), replace(QUICK, profile=profile))
    assert steps.left[0].planned.seconds + steps.later_seconds(0) <= minutes * 60


def test_the_conformance_suite_is_planned_once_for_all() -> None:
    in_order = new_steps("scaling,deploy,isolation", QUICK).left
    steps = Steps(left=[in_order[2], *in_order[:2]])
    isolation, scaling, deploy = (step.planned for step in steps.left)
    assert isolation.conformance_seconds == 0
    assert scaling.conformance_seconds == deploy.conformance_seconds == CONFORMANCE_SECONDS
    without = deploy.seconds - CONFORMANCE_SECONDS
    assert [steps.later_seconds(place) for place in range(3)] == pytest.approx(
        [scaling.seconds + without, without, 0]
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_has_a_planned_time_in_every_profile(name: str) -> None:
    for profile in PROFILES:
        (step,) = new_steps(name, replace(QUICK, profile=profile)).left
        assert step.planned.seconds > 0, profile
