"""The releases of the deploy experiment and the changes of the contract experiment."""

from pathlib import Path

import pytest

from benchmarks.experiments.catalogue.changes import Change
from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.catalogue.offers import OFFERS, Kind, Offer
from benchmarks.experiments.catalogue.releases import COLUMN, SCENARIOS, STEADY
from benchmarks.experiments.catalogue.sides import UNITS
from benchmarks.experiments.deploy.release_actor import goes_out, scenario_named
from benchmarks.experiments.deploy.sweeps import sweeps
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY, unit_names
from benchmarks.targets.git import git, resolve
from benchmarks.targets.releases.artifacts import recipe

CHANGES = {change.name: change for scenario in SCENARIOS for change in scenario.changes}
BOTH = [(change, architecture) for change in CHANGES.values() for architecture in UNITS]


@pytest.mark.parametrize(
    ("change", "architecture"), BOTH, ids=lambda value: getattr(value, "name", value)
)
def test_each_release_of_the_experiment_fits_and_parses(change: Change, architecture: str) -> None:
    made = commit(change.edits[architecture], change.title, on="HEAD")
    for edit in change.edits[architecture]:
        text = git("show", f"{made}:{edit.file}")
        assert all(hunk.new in text for hunk in edit.hunks)
        if edit.file.endswith(".py"):
            compile(text, edit.file, "exec")
    target = ARCHITECTURES[architecture]
    assert set(change.units[architecture]) <= set(unit_names(target))
    for unit in change.units[architecture]:
        carried = goes_out(recipe(target, unit), resolve("HEAD"), made)
        assert 0 < carried["lines_changed"] < carried["lines"], "the unit carries the change"


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.change.name)
def test_each_offered_change_fits_one_unit_of_either_side(offer: Offer) -> None:
    assert offer.change.edits.keys() == offer.change.units.keys() == UNITS.keys()
    for architecture, edits in offer.change.edits.items():
        (unit,) = offer.change.units[architecture]
        made = commit(edits, offer.change.title, on="HEAD")
        changed = git("diff", "--name-only", "HEAD", made).splitlines()
        folder = recipe(ARCHITECTURES[architecture], unit).paths[0]
        assert changed
        assert all(file.startswith(f"{folder}/") for file in changed)


def test_enough_is_offered_of_either_kind() -> None:
    for kind in Kind:
        assert sum(offer.kind == kind for offer in OFFERS) >= 12


def test_the_units_are_those_of_the_architectures() -> None:
    assert {name: unit_names(it) for name, it in ARCHITECTURES.items()} == UNITS


def test_every_scenario_is_run_on_both() -> None:
    for profile in PROFILES:
        for sweep in sweeps(profile):
            if sweep.name != STEADY:
                arms = [(arm.scenario, arm.architecture) for arm in sweep.arms]
                assert sorted(arms) == sorted(
                    (scenario, name) for scenario, _ in arms[::2] for name in UNITS
                )
                assert all(scenario_named(scenario) for scenario, _ in arms)
            else:
                units = [arm.scenario.split()[1] for arm in sweep.arms]
                assert units == [unit for units in UNITS.values() for unit in units]
                assert all(arm.scenario.startswith(STEADY) for arm in sweep.arms)


def test_the_release_with_a_column_follows_the_newest_migration() -> None:
    for edits in COLUMN.edits.values():
        (added,) = [edit for edit in edits if "/migrations/" in edit.file]
        folder = (REPOSITORY / added.file).parent
        newest = max(path.stem for path in folder.glob("0*.py"))
        assert f'("submissions", "{newest}")' in added.apply(None)
        assert Path(added.file).stem > newest
