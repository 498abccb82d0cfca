"""The plan of each profile."""

import pytest

from benchmarks.analysis.verdicts import FEWEST_BLOCKS
from benchmarks.experiments.edge import WAYS
from benchmarks.experiments.edge.run import EXPERIMENT
from benchmarks.experiments.edge.sweeps import KINDS, SIZES, kind_of, sweeps
from benchmarks.experiments.runner.arms import ARCHITECTURES
from benchmarks.experiments.runner.experiment import RunOptions
from benchmarks.experiments.runner.plans import trial_seconds
from benchmarks.experiments.runner.profiles import PROFILES


def test_every_profile_has_a_size() -> None:
    assert SIZES.keys() == PROFILES.keys()


@pytest.mark.parametrize("profile", PROFILES)
def test_both_ways_go_through_all_kinds(profile: str) -> None:
    (sweep,) = sweeps(profile)
    steps = sweep.schedule.steps
    assert len(steps) == len(WAYS) * len(KINDS)
    assert [step.users for step in steps] == [kind.connections for kind in KINDS] * len(WAYS)
    assert [kind_of(index) for index in range(len(steps))] == [*KINDS, *KINDS]


def test_verdicts_need_enough_blocks_and_the_longer_profiles_have_both_sides() -> None:
    for profile in ("quick", "standard", "full"):
        assert sweeps(profile)[0].blocks >= FEWEST_BLOCKS
    for profile in ("standard", "full"):
        assert tuple(arm.architecture for arm in sweeps(profile)[0].arms) == ARCHITECTURES


def test_a_quick_run_takes_three_minutes() -> None:
    (sweep,) = sweeps("quick")
    seconds = sum(sweep.blocks * trial_seconds(sweep, arm) for arm in sweep.arms)
    planned = EXPERIMENT.plan(RunOptions(profile="quick", share_core=True))
    # With the cases that these arms must keep, which aren't the whole suite.
    assert planned.seconds == seconds + 30 <= 180
