"""What is done to a target beside the load: signals, restarts, and the end of all of it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.faults import fault_actor
from benchmarks.experiments.faults.fault_actor import FaultActor, Health
from benchmarks.experiments.runner.arms import Action, Arm
from benchmarks.tests.experiments.faults.fake_faults import FaultyTarget
from benchmarks.tests.fake_target import FakeApplication

FAILURE = (Action(0.1, out=True), Action(0.3, out=False), Action(0.1, out=True))


@pytest.fixture
def target(tmp_path: Path) -> FaultyTarget:
    names = ("monolith-web", "monolith-worker")
    return FaultyTarget(tmp_path, 0.0, 0.0, FakeApplication(), names=names)


def failing(target: FaultyTarget, *faults: str, notes: list[dict[str, Any]]) -> FaultActor:
    return FaultActor(target, Arm("monolith", "monolith", faults=faults), FAILURE, notes)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_killed_process_is_started_again_when_the_failure_is_over(target: FaultyTarget) -> None:
    notes: list[dict[str, Any]] = []
    began = time.monotonic()
    with failing(target, "kill monolith-web", notes=notes) as actor:
        actor.begin(0)
        until(lambda: bool(notes) and "back_at" in notes[0])
    assert target.done == ["SIGKILL monolith-web", "restart monolith-web"]
    assert (notes[0]["fault"], notes[0]["step"]) == ("kill monolith-web", 0)
    assert notes[0]["began_at"] >= began + 0.1
    assert notes[0]["ended_at"] - notes[0]["began_at"] >= 0.19
    assert "problem" not in notes[0]


def test_a_stalled_process_is_continued_and_not_started_again(target: FaultyTarget) -> None:
    notes: list[dict[str, Any]] = []
    with failing(target, "kill monolith-web", "stall monolith-worker", notes=notes) as actor:
        actor.begin(1)
        until(lambda: bool(notes) and "back_at" in notes[0])
    assert target.done == ["SIGSTOP monolith-worker", "SIGCONT monolith-worker"]


def test_a_failure_is_ended_with_the_trial(target: FaultyTarget) -> None:
    notes: list[dict[str, Any]] = []
    actions = (Action(0.0, out=True), Action(60.0, out=False), Action(0.0, out=True))
    arm = Arm("monolith", "monolith", faults=("stall monolith-worker",))
    with FaultActor(target, arm, actions, notes) as actor:
        actor.begin(0)
        until(lambda: bool(target.done))
    assert target.done == ["SIGSTOP monolith-worker", "SIGCONT monolith-worker"]


@pytest.mark.parametrize(
    ("errors", "under_way", "is_calm"),
    [([0, 0, 0], 3, True), ([0, 0, 1], 0, True), ([0, 2, 2], 0, False), ([0, 0, 0], 4, False)],
)
def test_a_target_is_calm_without_errors_and_with_little_under_way(
    errors: list[int], under_way: int, is_calm: bool
) -> None:
    health = Health()
    assert health.is_calm(10.0, 3.0), "nothing is known"
    health.note(5.0, {"accepted": 90, "succeeded": 0, "errors": -90})  # long ago
    for at, seen in enumerate(errors, 7):
        health.note(at, {"accepted": 9 + under_way, "succeeded": 9, "errors": seen})
    assert health.is_calm(10.0, 3.0) is is_calm


def test_a_failure_waits_until_the_one_before_no_longer_shows(target: FaultyTarget) -> None:
    notes: list[dict[str, Any]] = []
    actions = (Action(0.1, out=True), Action(0.2, out=False), Action(30.0, out=True))
    arm = Arm("monolith", "monolith", faults=("stall monolith-worker",))
    with FaultActor(target, arm, actions, notes) as actor:
        stop = time.monotonic() + 1.0
        actor.progress({"accepted": 9, "succeeded": 0, "errors": 0})
        actor.begin(0)
        while time.monotonic() < stop:
            actor.progress({"accepted": 9, "succeeded": 0, "errors": 0})
            time.sleep(0.02)
        assert notes == []
        actor.progress({"accepted": 9, "succeeded": 9, "errors": 0})
        until(lambda: bool(notes) and "back_at" in notes[0])
    assert notes[0]["calm_from"] == pytest.approx(notes[0]["began_at"] - 0.1)
    assert notes[0]["ended_at"] - notes[0]["began_at"] >= 0.09


def test_a_failure_waits_no_longer_than_the_latest_moment(target: FaultyTarget) -> None:
    notes: list[dict[str, Any]] = []
    actions = (Action(0.1, out=True), Action(0.2, out=False), Action(0.6, out=True))
    arm = Arm("monolith", "monolith", faults=("stall monolith-worker",))
    with FaultActor(target, arm, actions, notes) as actor:
        actor.begin(0)
        while not notes:
            actor.progress({"accepted": 9, "succeeded": 0, "errors": 0})
            time.sleep(0.02)
        until(lambda: "back_at" in notes[0])


def test_what_ends_by_itself_is_started_again(
    target: FaultyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fault_actor, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(fault_actor, "RESTART_SECONDS", 0.05)
    notes: list[dict[str, Any]] = []
    with failing(target, "stall monolith-worker", notes=notes):
        target.processes[0].alive = False
        until(lambda: target.processes[0].alive)
    assert target.done == ["restart monolith-web-1"]
    assert [it["restarted"] for it in notes if "restarted" in it] == ["monolith-web-1"]


def test_what_a_fault_holds_is_left_down(
    target: FaultyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fault_actor, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(fault_actor, "RESTART_SECONDS", 0.01)
    notes: list[dict[str, Any]] = []
    with failing(target, "kill monolith-web", notes=notes) as actor:
        actor.begin(0)
        until(lambda: bool(notes) and "back_at" in notes[0])
    assert target.done == ["SIGKILL monolith-web", "restart monolith-web"]


def test_a_process_that_can_t_be_started_is_a_problem_of_the_trial(
    target: FaultyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(process: str) -> None:
        message = f"{process} was not ready within 60 s"
        raise RuntimeError(message)

    target.restart = broken  # type: ignore[method-assign]
    notes: list[dict[str, Any]] = []
    with failing(target, "kill monolith-web", notes=notes) as actor:
        actor.begin(0)
        until(lambda: bool(notes) and "problem" in notes[0])
    assert "not ready within" in notes[0]["problem"]


def test_the_stores_are_written_down_when_all_is_final(target: FaultyTarget) -> None:
    notes: list[dict[str, Any]] = []
    target.application.submissions["a"] = {"state": "succeeded", "owner": "an-account"}
    with failing(target, "kill monolith-web", notes=notes):
        pass
    assert notes == [
        {
            "stores": {
                "rows": {"a": "succeeded"},
                "results": [],
                "images": ["a"],
                "uploads": [],
                "strays": [],
                "documents": {},
            }
        }
    ]


def test_an_interrupted_trial_looks_into_nothing(target: FaultyTarget) -> None:
    notes: list[dict[str, Any]] = []
    with pytest.raises(KeyboardInterrupt), failing(target, "kill monolith-web", notes=notes):
        raise KeyboardInterrupt
    assert notes == []
