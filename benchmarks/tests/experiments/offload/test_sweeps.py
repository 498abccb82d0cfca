"""The plan: which arms each profile has, which claims it can decide, and how long it takes."""

import pytest

from backing.functions import IDLE_SECONDS as IDLE_ENVIRONMENT_SECONDS
from benchmarks.analysis.verdicts import FEWEST_BLOCKS
from benchmarks.experiments.offload.claims import CLAIMS
from benchmarks.experiments.offload.summary.measures import ALTERNATIVES, WAYS, claims_of, is_run
from benchmarks.experiments.offload.sweeps import (
    BUSY_ARMS,
    COLD,
    EMULATOR,
    IDLE_SECONDS,
    IN_REQUEST,
    MOMENTS,
    SCALED_TO,
    STEP,
    WORKERS,
    sweeps,
)
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.plans import trial_seconds
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.repository import REPOSITORY
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.local.procfile import read_procfile


def planned(profile: str) -> dict[str, Sweep]:
    return {sweep.name: sweep for sweep in sweeps(profile)}


def planned_seconds(profile: str) -> float:
    """Return what the trials take; the conformance suite runs once for all experiments of a run."""
    return sum(
        sweep.blocks * trial_seconds(sweep, arm) for sweep in sweeps(profile) for arm in sweep.arms
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_sweeps_survive_the_file(profile: str) -> None:
    for sweep in sweeps(profile):
        assert Sweep.from_json(sweep.to_json()) == sweep


def test_each_profile_decides_the_claims_that_it_has_the_requests_for() -> None:
    claims = {name: [it.name for it in claims_of(planned(name))] for name in PROFILES}
    assert claims["quick"] == ["busy", "worker-reads", "offloading"]
    assert claims["standard"] == claims["full"] == [claim.name for claim in CLAIMS]
    assert claims["smoke"] == ["recovery", "services-recovery", "after-idle"]


@pytest.mark.parametrize("profile", sorted(set(PROFILES) - {"smoke"}))
def test_every_sweep_has_the_blocks_that_a_verdict_needs(profile: str) -> None:
    assert all(sweep.blocks >= FEWEST_BLOCKS for sweep in sweeps(profile))


def test_every_claim_has_a_measure_and_every_alternative_is_run_in_full() -> None:
    names = [claim.name for claim in CLAIMS]
    assert sorted(names) == sorted(WAYS) == sorted(ALTERNATIVES)
    for claim in CLAIMS:
        assert claim.sweep == WAYS[claim.name].sweep
        assert claim.smallest > 0
        assert "{times}" in claim.sentence
        assert claim.depends
    every = [way for others in ALTERNATIVES.values() for way in others.values()]
    assert all(is_run(way, planned("full")) for way in every)


def test_quick_and_standard_take_what_they_may() -> None:
    assert planned_seconds("quick") <= 7.6 * 60
    assert planned_seconds("standard") <= 68 * 60


def test_both_architectures_have_the_worker_and_the_function() -> None:
    for profile in ("smoke", "standard", "full"):
        arms = [(it.architecture, it.is_function) for it in planned(profile)["busy"].arms]
        assert {(side, is_function) for side in WORKERS for is_function in (True, False)} <= {*arms}
        step = planned(profile)[STEP].arms
        assert [(it.architecture, it.is_function) for it in step] == [
            (side, is_function) for side in WORKERS for is_function in (False, True)
        ]


def test_only_the_monolith_recognizes_in_the_request() -> None:
    planted = [arm for arm in BUSY_ARMS.values() if arm.plant]
    assert [(arm.architecture, arm.plant) for arm in planted] == [("monolith", IN_REQUEST)]
    assert (REPOSITORY / "benchmarks" / IN_REQUEST / "sitecustomize.py").is_file()


def test_functions_run_apart_unless_their_name_denies_it() -> None:
    for arm in BUSY_ARMS.values():
        wanted: tuple[str, ...] = (EMULATOR,) if arm.is_function else ()
        if arm.name == "monolith-worker-apart":
            wanted = ("monolith-worker",)
        if arm.name == "monolith-function-beside":
            wanted = ()
        assert arm.apart == wanted, arm.name


def test_the_workers_are_process_types_that_there_are() -> None:
    for side, worker in WORKERS.items():
        unit, _, kind = worker.rpartition("-")
        assert kind in read_procfile(ARCHITECTURES[side].unit(unit).folder)


def test_a_step_lets_neither_side_have_more_than_the_other() -> None:
    for arm in planned("standard")[STEP].arms:
        if arm.is_function:
            assert (arm.concurrency, arm.scaled, arm.apart) == (SCALED_TO, {}, ())
        else:
            assert (arm.concurrency, set(arm.scaled.values())) == (0, {SCALED_TO})


def test_idle_environments_have_ended_before_the_next_moment() -> None:
    steps = planned("standard")[COLD].schedule.steps
    for place in (2, 4):
        assert steps[place].arrivals == 0
        assert steps[place].window_seconds == IDLE_SECONDS >= IDLE_ENVIRONMENT_SECONDS + 3
    assert {name: steps[step].arrivals for step, name in MOMENTS.items()} == {
        "at rest": 1,
        "warm": 8,
        "after idle": 1,
        "in a burst": 20,
    }
