"""A target on several cores: which sweeps it has, what it is given, and what is refused."""

import pytest

from benchmarks.experiments.deploy.run import EXPERIMENT as DEPLOY
from benchmarks.experiments.isolation.run import EXPERIMENT as ISOLATION
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import DATABASE_CONNECTIONS, connections_on
from benchmarks.experiments.runner.errors import MachineError, UsageError
from benchmarks.experiments.runner.experiment import RunOptions
from benchmarks.experiments.runner.rates import settled
from benchmarks.experiments.scaling.run import EXPERIMENT
from benchmarks.experiments.scaling.sweeps import sweeps, sweeps_on_cores

EIGHT = frozenset(range(8))


@pytest.mark.parametrize(
    ("target", "share", "cores"),
    [
        ("", False, {0}),
        ("1", False, {0}),
        ("3", False, {0, 1, 2}),
        ("all", False, set(range(7))),
        ("7", False, set(range(7))),
        ("all", True, set(range(8))),
        ("8", True, set(range(8))),
    ],
)
def test_the_target_gets_the_first_cores_and_the_generator_the_last(
    target: str, share: bool, cores: set[int]
) -> None:
    found = split_cores(EIGHT, share=share, target=target)
    assert set(found.target) == cores
    assert found.generator == 7
    assert found.shared == (7 in cores)


@pytest.mark.parametrize("target", ["0", "-1", "two", "1.5", "2,3", "²", "ALL"])
def test_what_is_no_number_of_cores_is_refused_in_a_sentence(target: str) -> None:
    with pytest.raises(UsageError, match=f"^TARGET_CORES={target} must be a number of cores"):
        split_cores(EIGHT, target=target)


def test_more_cores_than_there_are_beside_the_generator_are_refused() -> None:
    with pytest.raises(MachineError, match=r"TARGET_CORES=8 .* 7 beside the generator's \(SHARE"):
        split_cores(EIGHT, target="8")
    with pytest.raises(MachineError, match=r"TARGET_CORES=9 .* offers, which is 8\.$"):
        split_cores(EIGHT, share=True, target="9")
    with pytest.raises(MachineError, match="needs two cores"):
        split_cores(frozenset({0}), target="all")


def test_only_load_and_replicas_run_on_several_cores() -> None:
    names = [sweep.name for sweep in sweeps_on_cores("standard", 3)]
    assert names == ["floor", "load", "replicas-working", "replicas-waiting"]
    assert [sweep.name for sweep in sweeps_on_cores("quick", 3)] == ["floor", "load"]


def test_under_load_each_core_has_a_worker_a_web_process_and_its_users() -> None:
    one = {sweep.name: sweep for sweep in sweeps("standard")}["load"]
    many = {sweep.name: sweep for sweep in sweeps_on_cores("standard", 3)}["load"]
    assert {arm.name: dict(arm.replicas) for arm in many.arms} == {
        MONOLITH: {"monolith-web": 3, "monolith-worker": 3},
        SERVICES: {"submissions-web": 3, "recognition-worker": 3},
    }
    pairs = list(zip(one.schedule.steps, many.schedule.steps, strict=True))
    assert all(it.users == 3 * before.users for before, it in pairs)
    assert all(it.rate == before.rate for before, it in pairs), "a share of what three cores can do"
    assert settled(many, 48.0).steps[0].rate == 3 * settled(one, 16.0).steps[0].rate
    assert "3 cores" in many.title


def test_replicas_are_the_same_on_several_cores_and_their_title_names_the_number() -> None:
    one = {sweep.name: sweep for sweep in sweeps("standard")}["replicas-working"]
    many = {sweep.name: sweep for sweep in sweeps_on_cores("standard", 3)}["replicas-working"]
    assert many.arms == one.arms
    assert "the same 3 cores" in many.title


def test_more_processes_may_hold_more_connections() -> None:
    assert connections_on(1) == DATABASE_CONNECTIONS
    assert connections_on(16) > 2 * 16


@pytest.mark.parametrize("experiment", [DEPLOY, ISOLATION])
def test_another_experiment_refuses_cores(experiment: object) -> None:
    assert isinstance(experiment, type(DEPLOY) | type(ISOLATION))
    with pytest.raises(UsageError, match="TARGET_CORES goes with scaling only"):
        experiment.plan(RunOptions(target_cores="1", share_core=True))


def test_a_bad_number_of_cores_is_refused_before_anything_is_planned() -> None:
    with pytest.raises(UsageError, match="TARGET_CORES=0 must be"):
        EXPERIMENT.plan(RunOptions(target_cores="0", share_core=True))
