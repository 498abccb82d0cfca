"""The plan: every component of both architectures fails, in an order that the seed alone sets."""

import pytest

from benchmarks.experiments.faults.components import (
    BACKING,
    PROCESSES,
    fault_named,
)
from benchmarks.experiments.faults.recovery import HOLD_SECONDS
from benchmarks.experiments.faults.sweeps import HEADLINES, SIZES, sweeps
from benchmarks.experiments.runner.arms import ARCHITECTURES as SIDES
from benchmarks.experiments.runner.arms import SERVICES, Sweep
from benchmarks.experiments.runner.blocks import plan, shuffled_faults
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.local.procfile import RELEASE, read_procfile


@pytest.mark.parametrize("side", SIDES)
def test_every_process_type_of_the_procfiles_fails(side: str) -> None:
    types = {
        f"{unit.name}-{kind}"
        for unit in ARCHITECTURES[side].units
        for kind in read_procfile(unit.folder)
        if kind != RELEASE
    }
    assert {it.process for it in PROCESSES[side]} == types


def test_the_monolith_s_process_runs_the_same_code() -> None:
    known = {it.process for it in PROCESSES["monolith"]}
    assert {it.same_code for it in PROCESSES[SERVICES]} == known


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_s_sweeps_survive_json_and_have_a_step_for_each_fault(profile: str) -> None:
    for sweep in sweeps(profile):
        assert Sweep.from_json(sweep.to_json()) == sweep
        assert len(sweep.schedule.steps) == max(len(arm.faults) for arm in sweep.arms)
        begins, ends, latest = (action.at_seconds for action in sweep.actions)
        window = sweep.schedule.steps[0].window_seconds
        assert 0 < begins < min(latest, ends)
        assert window - latest - (ends - begins) > HOLD_SECONDS, "a late one is watched, too"
        for arm in sweep.arms:
            assert len({fault_named(it).name for it in arm.faults}) == len(arm.faults)


def test_the_headline_sweeps_kill_every_process_type_and_stall_every_backing_service() -> None:
    killed, stalled, *_ = (sweep for sweep in sweeps("full") if sweep.name in HEADLINES)
    assert (killed.name, stalled.name) == HEADLINES
    for arm in killed.arms:
        assert set(arm.faults) == {f"kill {it.process}" for it in PROCESSES[arm.architecture]}
    for arm in stalled.arms:
        assert set(arm.faults) == {f"stall {it.process}" for it in BACKING}


def test_both_sides_fail_under_equal_conditions() -> None:
    for profile in SIZES:
        for sweep in sweeps(profile):
            first, second = sweep.arms
            assert first.settings == second.settings
            assert first.replicas == second.replicas == {}


def test_the_order_of_faults_is_random_and_the_seed_s() -> None:
    (stalled,) = (sweep for sweep in sweeps("full") if sweep.name == HEADLINES[1])
    faults = stalled.arms[0].faults
    names = [trial.name for trial in plan(sweeps("full"), 7)]
    orders = {shuffled_faults(faults, 7, name) for name in names}
    assert all(set(order) == set(faults) for order in orders)
    assert len(orders) > len(names) / 2
    assert shuffled_faults(faults, 7, names[0]) == shuffled_faults(faults, 7, names[0])
    assert orders != {shuffled_faults(faults, 8, name) for name in names}


@pytest.mark.parametrize("name", ["crash monolith-web", "kill"])
def test_a_fault_is_a_known_failure(name: str) -> None:
    with pytest.raises(ValueError, match=r"killed or stalled|unpack"):
        fault_named(name)


def test_standard_takes_less_than_twenty_minutes() -> None:
    around_seconds = 14.0  # deploying, draining, counting
    planned = sum(
        sweep.blocks * (len(arm.faults) * sweep.schedule.steps[0].window_seconds + around_seconds)
        for sweep in sweeps("standard")
        for arm in sweep.arms
    )
    assert planned < 20 * 60
