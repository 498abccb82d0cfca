"""Processes that come and go by themselves are counted until the fewest are left."""

from typing import Any

import pytest

from benchmarks.experiments.runner import process_counter
from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.process_counter import ProcessCounter

WORKER = Arm("worker", "monolith", platform="kubernetes", autoscaled={"monolith-worker": 3})


class FakeTarget:
    """A target with these counts, one after the other; the last one stays."""

    def __init__(self, *counts: int | Exception) -> None:
        self.counts = list(counts)
        self.refreshed = 0

    def ready(self, process: str) -> int:
        assert process == "monolith-worker"
        found = self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]
        if isinstance(found, Exception):
            raise found
        return found

    def refresh(self) -> None:
        self.refreshed += 1


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_counter, "COUNT_SECONDS", 0.02)
    monkeypatch.setattr(process_counter, "BACK_SECONDS", 5.0)


def run(target: FakeTarget, arm: Arm = WORKER) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = []
    with ProcessCounter(target, arm, (), notes) as counter:
        counter.begin(0)
    return notes


def test_it_counts_until_the_fewest_are_left() -> None:
    target = FakeTarget(1, 3, 3, 2, 1)
    (note,) = run(target)
    counts = [count for _, count in note["processes"]["monolith-worker"]]
    assert counts[:5] == [1, 3, 3, 2, 1]
    assert target.refreshed == len(counts)
    assert "problem" not in note


def test_processes_that_stay_are_waited_for_no_longer_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process_counter, "BACK_SECONDS", 0.2)
    (note,) = run(FakeTarget(1, 3))
    assert note["processes"]["monolith-worker"][-1][1] == 3


def test_an_engine_that_fails_makes_the_trial_void() -> None:
    (note,) = run(FakeTarget(1, RuntimeError("no cluster")))
    assert note["problem"] == "RuntimeError: no cluster"


def test_an_arm_that_is_not_scaled_has_no_note() -> None:
    assert run(FakeTarget(1), Arm("load", "monolith", platform="kubernetes")) == []
