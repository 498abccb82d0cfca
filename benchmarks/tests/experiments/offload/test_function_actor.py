"""What is done beside the load: workers are scaled by order, environments are counted."""

import time
from dataclasses import dataclass, field
from typing import Any

import psutil
import pytest

from benchmarks.experiments.offload import function_actor
from benchmarks.experiments.offload.function_actor import FunctionActor
from benchmarks.experiments.runner.arms import Action, Arm

OUT_AND_BACK = (Action(0.0, out=True), Action(0.1, out=False))
WORKER = Arm("monolith-worker", "monolith", scaled={"monolith-worker": 4})
FUNCTION = Arm("monolith-function", "monolith", {"RECOGNITION": "lambda"})


@dataclass
class Started:
    """A start of an environment, in Unix time."""

    at: float
    seconds: float


@dataclass
class FakeTarget:
    """A target whose function has these environments, one count after the other."""

    pids: list[int | Exception] = field(default_factory=list)
    scaled: list[dict[str, int]] = field(default_factory=list)

    def function_pids(self) -> list[int]:
        found = self.pids.pop(0) if len(self.pids) > 1 else self.pids[0]
        if isinstance(found, Exception):
            raise found
        return list(range(found))

    def function_starts(self) -> list[Started]:
        return [Started(time.time() - 5.0, 1.5)]

    def scale_all(self, counts: dict[str, int]) -> None:
        self.scaled.append(dict(counts))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function_actor, "COUNT_SECONDS", 0.02)
    monkeypatch.setattr(function_actor, "BACK_SECONDS", 5.0)


def run(target: FakeTarget, arm: Arm, actions: tuple[Action, ...]) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = []
    with FunctionActor(target, arm, actions, notes) as actor:
        actor.begin(0)
        deadline = time.monotonic() + 10
        while arm.scaled and len(target.scaled) < len(actions) and time.monotonic() < deadline:
            time.sleep(0.02)
    return notes


def test_workers_are_scaled_by_order_and_no_environment_is_counted() -> None:
    target = FakeTarget()
    notes = run(target, WORKER, OUT_AND_BACK)
    assert target.scaled == [{"monolith-worker": 4}, {"monolith-worker": 1}]
    assert [note["out"] for note in notes] == [True, False]


def test_a_function_is_scaled_by_none_and_watched_until_it_has_no_environment() -> None:
    target = FakeTarget(pids=[0, 3, 3, 3, 3, 0])
    (note,) = run(target, FUNCTION, OUT_AND_BACK)
    assert target.scaled == []
    counts = [count for _, count in note["environments"]]
    assert counts[0] == 0
    assert max(counts) == 3
    assert counts[-1] == 0
    assert note["environments"][-1][0] > note["load_ended_at"]


def test_the_moment_of_a_start_is_on_the_clock_of_the_calls() -> None:
    (note,) = run(FakeTarget(pids=[0]), FUNCTION, ())
    (start,) = note["starts"]
    assert start["seconds"] == 1.5
    assert start["ready_at"] == pytest.approx(time.monotonic() - 5.0, abs=1.0)


def test_without_actions_the_trial_ends_with_its_load() -> None:
    began = time.monotonic()
    (note,) = run(FakeTarget(pids=[2]), FUNCTION, ())
    assert time.monotonic() - began < function_actor.BACK_SECONDS
    assert {count for _, count in note["environments"]} == {2}


def test_an_environment_that_stays_is_waited_for_within_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(function_actor, "BACK_SECONDS", 0.2)
    (note,) = run(FakeTarget(pids=[1]), FUNCTION, OUT_AND_BACK)
    assert note["environments"][-1][1] == 1


def test_a_count_that_fails_is_left_out() -> None:
    target = FakeTarget(pids=[psutil.NoSuchProcess(1), 2, 2, 0])
    (note,) = run(target, FUNCTION, OUT_AND_BACK)
    assert note["environments"][0][1] == 2
