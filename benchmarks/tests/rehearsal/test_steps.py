"""A step of a rehearsal reports failed requests, what was lost, and an engine that does nothing."""

from functools import partial

import pytest

from benchmarks.oracle import settled_violations
from benchmarks.rehearsal import load, outage, scaling
from benchmarks.rehearsal.outcome import Outcome
from benchmarks.tests.rehearsal.conftest import FakeTarget


def scale(target: FakeTarget) -> Outcome:
    return scaling.by_queue(target, submissions=5)


def test_workers_that_come_and_go_are_counted(target: FakeTarget) -> None:
    target.counts = [1, 1, 3, 3, 1]
    outcome = scale(target)
    assert outcome.problems == ()
    assert outcome.figures["most workers"] == 3


def test_an_autoscaler_that_does_nothing_is_a_problem(target: FakeTarget) -> None:
    assert scale(target).problems == ("never more than one worker ran",)


def test_workers_that_are_left_are_a_problem(
    target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scaling, "DOWN_SECONDS", 0.5)
    target.counts = [1, 2]
    assert scale(target).problems == ("2 workers were left",)


def test_from_no_worker_to_some_and_back_to_none(target: FakeTarget) -> None:
    target.counts = [0, 0, 0, 2, 3, 0]
    outcome = scaling.by_queue(target, submissions=5, least=0)
    assert target.autoscaled == ({"monolith-worker": 3}, 0)
    assert outcome.problems == ()
    assert outcome.figures["most workers"] == 3


def test_requests_may_fail_while_a_store_is_away_and_nothing_may_be_lost(
    target: FakeTarget,
) -> None:
    outcome = outage.restart(target, "postgres")
    assert target.restarted == ["postgres"]
    assert outcome.problems == ()
    assert outcome.figures["away, s"] == 0.5


def test_what_a_restart_loses_is_a_problem(
    target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = partial(settled_violations, timeout_seconds=1)
    monkeypatch.setattr(outage, "settled_violations", soon)
    target.kept = 0.5
    problems = outage.restart(target, "postgres").problems
    assert problems
    assert all("was accepted and has no row" in it for it in problems)


def test_a_short_load_counts_what_failed(target: FakeTarget) -> None:
    outcome = load.send(target, seconds=1)
    assert outcome.problems == ()
    assert outcome.figures["seconds"] == 1
    target.application.faults.down.add("/account")
    assert load.send(target, seconds=1).problems
