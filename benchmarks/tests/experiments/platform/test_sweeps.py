"""The arms of each engine, and what a plan for one is refused for."""

import pytest

from benchmarks.command_line import main
from benchmarks.experiments.platform.sweeps import SCALED_TO, SIZES, engine_sweeps
from benchmarks.experiments.runner.arm_conformance import at_a_time
from benchmarks.experiments.runner.arms import Arm, Engine, Sweep
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.tests.experiments.platform.made_up import KUBERNETES

COMPOSE = Engine("compose", {})


def test_every_profile_has_a_size() -> None:
    assert SIZES.keys() == PROFILES.keys()


def test_each_side_runs_on_either_platform() -> None:
    load = engine_sweeps("smoke", COMPOSE)[0]
    assert [(arm.name, arm.platform) for arm in load.arms] == [
        ("monolith", ""),
        ("monolith-compose", "compose"),
        ("microservices", ""),
        ("microservices-compose", "compose"),
    ]
    assert len({arm.code_base for arm in load.arms}) == 4  # each is checked by the suite


def test_only_kubernetes_scales_by_itself() -> None:
    assert [it.name for it in engine_sweeps("quick", COMPOSE)] == ["load"]
    _, autoscaling = engine_sweeps("quick", KUBERNETES)
    assert autoscaling.actions == ()  # nothing is ordered
    assert {arm.name: dict(arm.autoscaled) for arm in autoscaling.arms} == {
        "monolith-whole": {"monolith-web": SCALED_TO, "monolith-worker": SCALED_TO},
        "monolith-worker": {"monolith-worker": SCALED_TO},
        "recognition": {"recognition-worker": SCALED_TO},
    }


def test_a_sweep_survives_its_json() -> None:
    for sweep in engine_sweeps("standard", KUBERNETES):
        assert Sweep.from_json(sweep.to_json()) == sweep


def test_local_arms_are_checked_together_and_those_of_an_engine_alone() -> None:
    arms = [Arm("a", "monolith"), Arm("b", "monolith", platform="compose"), Arm("c", "monolith")]
    groups = [[arm.name for arm in group] for group in at_a_time(arms)]
    assert groups == [["a", "c"], ["b"]]
    assert at_a_time([]) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "nomad"], "There is no TARGET=nomad: it is kubernetes or compose"),
        (["--target", "kubernetes"], "Name a context of kubectl"),
        (["--target", "compose", "--context", "kind"], "go with TARGET=kubernetes only"),
        (["--experiments", "platform"], "platform needs a container engine"),
        (["--experiments", "edge", "--target", "compose"], "edge runs on local processes"),
        (["--target", "compose", "--target-cores", "2"], "TARGET goes with neither"),
        (["--target", "compose", "--experiments", "scaling,deploy"], "TARGET can't be followed"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--share-core", *arguments]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1
