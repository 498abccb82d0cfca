"""What a run plants, and what is refused before it begins."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.experiments.catalogue.components import COMPONENTS
from benchmarks.experiments.catalogue.faults import NULL
from benchmarks.experiments.isolation.ownership import owners_of
from benchmarks.experiments.isolation.run import CATALOGUE, refuse_uncommitted
from benchmarks.experiments.isolation.sweeps import QUICK_FAULTS, Plan, drawn, in_turn, named
from benchmarks.experiments.registry import experiment_named
from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.experiment import RunOptions
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import ReleaseError
from benchmarks.tests.experiments.isolation.small import make_repository


def test_a_quick_run_has_faults_of_all_components_by_the_seed() -> None:
    plan = drawn("quick", 7, CATALOGUE)
    assert plan == drawn("quick", 7, CATALOGUE)
    assert plan.names != drawn("quick", 8, CATALOGUE).names
    faults = [fault for fault in plan.faults if fault.kind != NULL]
    counted = Counter(fault.component for fault in faults)
    assert set(counted) == set(COMPONENTS)
    assert set(counted.values()) == {1, 2}
    assert len(plan.faults) == len(faults) == QUICK_FAULTS, "no comment among them"
    whole = Counter(fault.component for fault in CATALOGUE if fault.kind != NULL)
    for name, amount in Counter(fault.component for fault in faults).items():
        assert abs(amount - QUICK_FAULTS * whole[name] / whole.total()) < 1
    every = {it.name for seed in range(60) for it in drawn("quick", seed, CATALOGUE).faults}
    assert len(every) == whole.total(), "each fault may be drawn"
    assert [drawn(it, 7, CATALOGUE).selects for it in ("smoke", "quick", "standard", "full")] == [
        *(False, False),
        *(True, True),
    ]
    assert set(drawn("full", 1, CATALOGUE).names) == {it.name for it in CATALOGUE}
    standard = Counter(it.kind == NULL for it in drawn("standard", 1, CATALOGUE).faults)
    assert standard == {False: 22, True: 1}
    assert len(drawn("smoke", 1, CATALOGUE).faults) == 3


def test_the_sides_of_a_fault_are_some_faults_apart_and_none_is_left_out() -> None:
    first, second, third = CATALOGUE[:3]
    plan = Plan("quick", 1, (first, second, third))
    found = [(it.name, side) for it, side in in_turn(plan, apart=2)]
    places = [0, 1, 0, 2, 1, 2]
    assert [name for name, _ in found] == [plan.names[place] for place in places]
    assert len(set(found)) == 6
    assert [it for it, _ in in_turn(plan, apart=2)] == [plan.faults[place] for place in places]
    begun = Counter(in_turn(Plan("full", 1, CATALOGUE), apart=99)[n][1] for n in range(56))
    assert len(begun) == 2
    assert min(begun.values()) > 14, "neither side has always the first turn"


def test_an_unknown_fault_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="There is no fault 'accounts-nothing': there is accounts"):
        named("accounts-null,accounts-nothing", CATALOGUE)
    with pytest.raises(UsageError, match="No fault was named"):
        named(" , ", CATALOGUE)


def test_the_command_line_refuses_it_with_status_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.experiments.isolation", str(tmp_path / "results")),
            *("--faults", "nothing"),
        ],
        cwd=REPOSITORY,
        env={"PYTHONPATH": f"{REPOSITORY}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("There is no fault 'nothing': there is accounts-")
    assert not (tmp_path / "results").exists()


def test_a_tree_with_changes_that_no_commit_has_is_refused(tmp_path: Path) -> None:
    make_repository(tmp_path)
    refuse_uncommitted(tmp_path)
    (tmp_path / "monolith" / "accounts.py").write_text("other = 1\n")
    with pytest.raises(ReleaseError, match=r"aren't committed \(monolith/accounts.py\)"):
        refuse_uncommitted(tmp_path)


def test_a_fault_is_owned_by_the_component_whose_files_it_edits() -> None:
    for fault in CATALOGUE:
        for edits in fault.change.edits.values():
            owners = owners_of(fault.component, edits)
            assert fault.component in owners
            assert fault.component == "contracts" or owners == (fault.component,)


@pytest.mark.parametrize("given", [{"sweeps": "load"}, {"target_a": "http://a"}, {"rates": "2"}])
def test_options_about_load_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="isolation loads nothing"):
        experiment_named("isolation").plan(RunOptions(profile="smoke", **given))  # type: ignore[arg-type]
