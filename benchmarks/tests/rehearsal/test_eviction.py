"""Pods that are evicted: what of it is a problem, and that nodes take pods again afterwards."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from benchmarks.oracle import RecordingClient
from benchmarks.rehearsal import eviction
from benchmarks.rehearsal.outcome import Outcome
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import KubernetesTarget
from benchmarks.targets.kubernetes.kubectl import Object
from benchmarks.tests.fake_target import FakeApplication, Server
from benchmarks.tests.rehearsal.conftest import FakeTarget


class FakeCluster:
    """Kubernetes with one node: it replaces an evicted pod at once, if the node takes pods."""

    namespace = "monolith"

    def __init__(self) -> None:
        self.cordoned = False
        self.pods = ["pod-1", "pod-2"]
        self.ignores_cordon = False
        self.refuses = False

    def run(self, *arguments: str, raw: Object | None = None) -> str:
        if arguments[0] in {"cordon", "uncordon"}:
            self.cordoned = arguments[0] == "cordon"
        if raw is not None:
            if self.refuses:
                message = "Cannot evict pod as it would violate the pod's disruption budget."
                raise EngineError(message)
            assert raw["kind"] == "Eviction"
            self.pods.remove(raw["metadata"]["name"])
            if not self.cordoned or self.ignores_cordon:
                self.pods.append(f"{raw['metadata']['name']}-again")
        return "v1\npolicy/v1beta1"

    def items(self, kind: str) -> list[dict[str, Any]]:
        assert kind == "nodes"
        return [{"metadata": {"name": "node"}}]


class EvictedTarget(FakeTarget):
    """The fake application on that cluster."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.kubectl = FakeCluster()
        self.scaled: list[int] = []

    def scale(self, process: str, count: int) -> float:
        assert process == "monolith-web"
        self.scaled.append(count)
        return 0.1

    def autoscale(self, most: Mapping[str, int], *, least: int = 1) -> None:
        super().autoscale(most, least=least)
        del self.kubectl.pods[1:]

    def pods(self, process: str) -> list[str]:
        del process
        return list(self.kubectl.pods)


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[EvictedTarget]:
    for name in ("BEFORE_SECONDS", "AFTER_SECONDS", "PLACED_SECONDS"):
        monkeypatch.setattr(eviction, name, 0.5)
    monkeypatch.setattr(eviction, "RATES", {"page": 20.0, "submit": 1.0})
    with Server(FakeApplication()) as server:
        yield EvictedTarget(server)


def evict_each(target: EvictedTarget) -> Outcome:
    return eviction.evict_each(cast("KubernetesTarget", target), "monolith-web")


def test_each_pod_is_evicted_under_load(target: EvictedTarget) -> None:
    outcome = evict_each(target)
    assert outcome.figures["pods evicted"] == 2
    assert outcome.problems == ()
    assert target.kubectl.pods == ["pod-1-again", "pod-2-again"]
    assert target.scaled == [2, 1]


def test_a_failed_request_is_a_problem(target: EvictedTarget) -> None:
    target.application.faults.down.add("/")
    assert "page failed with 503" in evict_each(target).problems[0]


def test_a_budget_that_allows_no_eviction_is_an_error(target: EvictedTarget) -> None:
    target.kubectl.refuses = True
    with pytest.raises(EngineError, match="disruption budget"):
        evict_each(target)


def cordoned(target: EvictedTarget, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    monkeypatch.setattr(RecordingClient, "wait_for_state", lambda *_a, **_k: None)
    return eviction.cordoned(cast("KubernetesTarget", target), submissions=2)


def test_a_pod_that_a_cordoned_node_was_given_is_a_problem(
    target: EvictedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.kubectl.ignores_cordon = True
    outcome = cordoned(target, monkeypatch)
    assert outcome.problems == ("pod-1-again was placed on a node that takes no new pods",)


def test_the_node_takes_pods_again(target: EvictedTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cordoned(target, monkeypatch).problems == ()
    assert not target.kubectl.cordoned


def test_one_worker_is_left_before_the_node_takes_none(
    target: EvictedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue of the step before may have brought a second one."""
    assert len(target.kubectl.pods) == 2
    cordoned(target, monkeypatch)
    assert target.autoscaled == ({}, 1)
