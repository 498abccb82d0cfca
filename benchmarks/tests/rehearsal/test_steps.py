"""A step of a rehearsal reports failed requests, what was lost, and an engine that does nothing."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import pytest

from benchmarks.oracle import settled_violations
from benchmarks.rehearsal import load, outage, releases, scaling
from benchmarks.rehearsal.outcome import RATES, Outcome
from benchmarks.targets import ARCHITECTURES, Inventory
from benchmarks.targets.errors import EngineError, NotReadyError
from benchmarks.targets.measure.inventory import Row
from benchmarks.targets.rolling_release import Canary, Release
from benchmarks.tests.fake_target import FakeApplication, Server

DOWN_SECONDS = 0.6


class FakeTarget:
    """The fake application as a target whose engine does what the test sets."""

    architecture = ARCHITECTURES["monolith"]
    arch = "monolith"

    def __init__(self, server: Server) -> None:
        self.base_url = server.base_url
        self.application = server.application
        self.released: list[str] = []
        self.undone: list[str] = []
        self.never_ready: set[str] = set()
        self.wrong: set[str] = set()  # tags whose processes find no submission
        self.compared: list[str] = []
        self.undoes_itself = True
        self.serving = "local"
        self.counts = [1]
        self.down_while_released: set[str] = set()
        self.restarted: list[str] = []
        self.kept = 1.0  # the share of rows that the stores still have

    def images(self, unit: str) -> set[str]:
        return {f"one-flow/{unit}:{self.serving}"}

    def release(
        self,
        unit: str,
        tag: str,
        timeout_seconds: float = 1.0,
        *,
        canary: Canary | None = None,
    ) -> Release:
        if not self.undoes_itself:
            self.serving = tag
        if tag in self.never_ready:
            message = f"Not ready after {timeout_seconds:g} s: {unit}-web."
            raise NotReadyError(message)
        if tag == "missing":
            message = f"The node has no container image one-flow/{unit}:missing."
            raise EngineError(message)
        if canary is not None:
            self.compared.append(tag)
            place = "/nowhere" if tag in self.wrong else ""
            canary([self.base_url], [f"{self.base_url}{place}"])
        if tag == "unseen":  # by the canary
            self.application.faults.reported_as = "pending"
        self.released.append(tag)
        self.serving = tag
        interrupted = bool(self.down_while_released)
        with self._down(self.down_while_released):
            return Release(unit, tag, seconds=0.5, started=2, interrupted=interrupted)

    def restart(self, process: str) -> float:
        self.restarted.append(process)
        with self._down({"/"}):
            return 0.5

    @contextmanager
    def _down(self, paths: set[str]) -> Iterator[None]:
        """Refuse requests for these paths for a moment."""
        self.application.faults.down |= paths
        yield
        time.sleep(DOWN_SECONDS if paths else 0)
        self.application.faults.down -= paths

    def process_types(self, unit: str) -> list[str]:
        return [f"{unit}-web"]

    def logs(self, process: str) -> str:
        return f"log of {process}\n"

    def scale(self, process: str, count: int) -> float:
        del process
        self.counts = [count]
        return 0.5

    def kill(self, process: str) -> None:
        raise NotImplementedError

    def autoscale(self, most: Mapping[str, int], *, least: int = 1) -> None:
        self.autoscaled = (dict(most), least)

    def undo(self, unit: str) -> float:
        self.undone.append(unit)
        self.application.faults.reported_as = ""
        return 0.25

    def pods(self, process: str) -> list[str]:
        count = self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]
        return [f"{process}-{number}" for number in range(count)]

    def inventory(self, *, read_results: bool = False) -> Inventory:
        del read_results
        stored = self.application.submissions
        kept = dict(list(stored.items())[: round(self.kept * len(stored))])
        return Inventory(
            rows={key: Row("succeeded", found["owner"]) for key, found in kept.items()},
            results=tuple(kept),
            images=tuple(kept),
            uploads=(),
        )


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTarget]:
    # Shorter and denser than on an engine
    for module in (releases, outage):
        for name in ("BEFORE_SECONDS", "AFTER_SECONDS"):
            monkeypatch.setattr(module, name, 0.4)
    monkeypatch.setattr(outage, "RECOVERY_SECONDS", 0.4)
    for feature, rate in RATES.items():
        monkeypatch.setitem(RATES, feature, 10 * rate)
    monkeypatch.setattr(scaling, "POLL_SECONDS", 0.05)
    with Server(FakeApplication()) as server:
        yield FakeTarget(server)


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
