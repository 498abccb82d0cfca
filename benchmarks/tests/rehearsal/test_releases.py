"""Releases of a rehearsal: each failed request, and whatever a bad version leaves, is a problem."""

from collections.abc import Callable
from functools import partial

import pytest

from benchmarks.oracle import settled_violations
from benchmarks.rehearsal import releases
from benchmarks.rehearsal.outcome import RATES, Outcome
from benchmarks.tests.rehearsal.conftest import FakeTarget


def roll_out(target: FakeTarget) -> Outcome:
    return releases.roll_out(target, "monolith", count=3, tag="next")


def test_releases_alternate_and_are_counted(target: FakeTarget) -> None:
    outcome = roll_out(target)
    assert target.released == ["next", "local", "next"]
    assert outcome.problems == ()
    assert outcome.figures["releases"] == 3
    assert outcome.figures["containers started"] == 6
    assert outcome.figures["failed requests"] == 0


def test_each_failed_request_is_a_problem(target: FakeTarget) -> None:
    target.application.faults.down.add("/")  # the page
    outcome = roll_out(target)
    assert outcome.figures["failed requests"] == len(outcome.problems) > 0
    assert "page failed with 503" in outcome.problems[0]


def test_a_canary_compares_each_release_and_leaves_nothing(target: FakeTarget) -> None:
    roll_out(target)
    assert target.compared == ["next", "local", "next"]
    rows = target.application.submissions.values()
    assert not [it["owner"] for it in rows if it["owner"].startswith("canary-")]


def test_the_last_release_is_undone_by_order(target: FakeTarget) -> None:
    outcome = roll_out(target)
    assert target.undone == ["monolith"]
    assert outcome.figures["undone within, s"] == 0.25


def test_a_release_that_fails_is_a_problem_and_the_last(target: FakeTarget) -> None:
    outcome = releases.roll_out(target, "monolith", count=3, tag="missing")
    (problem,) = outcome.problems
    assert problem.startswith("release 1 failed: The node has no container image")
    assert outcome.figures["releases"] == 0
    assert target.compared == []
    assert target.undone == [], "there is nothing to undo"


def never_ready(target: FakeTarget, tag: str = "bad") -> Outcome:
    return releases.never_ready(target, "monolith", tag=tag)


def wrong_responses(target: FakeTarget, tag: str = "wrong") -> Outcome:
    return releases.wrong_responses(target, "monolith", tag=tag)


def test_a_release_that_never_becomes_ready_undoes_itself(target: FakeTarget) -> None:
    target.never_ready.add("bad")
    outcome = never_ready(target)
    assert target.undone == [], "nothing is ordered"
    assert outcome.problems == ()
    assert outcome.figures["cause"] == "Not ready after 45 s: monolith-web."


def test_a_bad_release_that_becomes_ready_is_a_problem(target: FakeTarget) -> None:
    became, runs = never_ready(target).problems
    assert became == "monolith bad became ready"
    assert runs == "monolith runs one-flow/monolith:bad afterwards, not one-flow/monolith:local"
    assert target.undone == ["monolith"], "for the steps that follow"


def test_a_bad_release_that_is_left_is_a_problem(target: FakeTarget) -> None:
    target.never_ready.add("bad")
    target.undoes_itself = False
    (problem,) = never_ready(target).problems
    assert "monolith runs one-flow/monolith:bad afterwards" in problem


def test_a_release_with_wrong_responses_is_refused_by_the_canary(target: FakeTarget) -> None:
    target.wrong.add("wrong")
    outcome = wrong_responses(target)
    assert outcome.problems == ()
    assert "wrong response" in str(outcome.figures["cause"])
    assert "status is 404" in str(outcome.figures["cause"])


def test_wrong_responses_that_the_canary_lets_pass_are_a_problem(
    target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        releases, "settled_violations", partial(settled_violations, timeout_seconds=1)
    )
    # The load reads the newest submission. By its seed one comes after 3.3 s and the next after
    # 4.8 s: the release between them is a while after the one and a while before the other.
    monkeypatch.setitem(RATES, "submit", 0.5)
    monkeypatch.setattr(releases, "BEFORE_SECONDS", 3.9)
    monkeypatch.setattr(releases, "AFTER_SECONDS", 1.5)
    passed, runs, *seen = wrong_responses(target, "unseen").problems
    assert passed == "the canary let monolith unseen pass"
    assert "monolith runs one-flow/monolith:unseen afterwards" in runs
    assert seen
    assert all("was succeeded and then pending" in it for it in seen)


@pytest.mark.parametrize("step", [never_ready, wrong_responses])
def test_a_bad_release_that_ends_for_another_reason_is_a_problem(
    target: FakeTarget, step: Callable[[FakeTarget, str], Outcome]
) -> None:
    (problem,) = step(target, "missing").problems
    assert problem.startswith("monolith missing ended for another reason: The node has no")


def test_requests_may_fail_while_an_edge_is_replaced_in_its_place(target: FakeTarget) -> None:
    target.down_while_released.add("/")
    outcome = releases.roll_out(target, "edge", count=2, tag="next")
    assert outcome.problems == ()
    failed = outcome.figures["failed requests"]
    assert outcome.figures["failed while the edge was replaced"] == failed
    assert isinstance(failed, int)
    assert failed > 0


def test_what_fails_before_or_after_a_replacement_is_a_problem(
    target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "AFTER_SECONDS", 1.5)
    target.down_while_released.add("/account")
    target.application.faults.down.add("/")  # the page, all the time
    outcome = releases.roll_out(target, "edge", count=1, tag="next")
    assert outcome.problems
    assert all("page failed" in problem for problem in outcome.problems)
