"""Autoscalers get their limits, and a deployment that one of them would leave without pods a pod.

An autoscaler whose minimum isn't 0 doesn't touch a deployment of 0 pods, as `scale --replicas=0`
switches it off.
"""

import json
from typing import Any, cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.kubernetes import KubernetesTarget, manifests
from benchmarks.targets.kubernetes.kubectl import Kubectl

WORKER = "monolith-worker"


class FakeKubectl:
    """Deployments with numbers of pods."""

    def __init__(self) -> None:
        self.pods = {"monolith-web": 1, WORKER: 1}
        self.limits: dict[str, tuple[int, int]] = {}

    def run(self, *arguments: str, objects: list[dict[str, Any]] | None = None) -> str:
        for autoscaler in objects or []:
            spec = autoscaler["spec"]
            limits = (spec["minReplicas"], spec["maxReplicas"])
            self.limits[autoscaler["metadata"]["name"]] = limits
        if arguments[0] == "scale":
            _, name, count = arguments
            self.pods[name.partition("/")[2]] = int(count.partition("=")[2])
        if arguments[0] == "patch":
            spec = json.loads(arguments[-1])["spec"]
            assert spec["maxReplicas"] > 0, "the API server refuses it"
            self.limits[WORKER] = (spec["minReplicas"], spec["maxReplicas"])
        return ""

    def exists(self, *_name: str) -> bool:
        return True

    def read(self, name: str) -> dict[str, Any]:
        pods = self.pods[name.partition("/")[2]]
        return {
            "kind": "Deployment",
            "metadata": {"generation": 1},
            "spec": {"replicas": pods},
            "status": {"observedGeneration": 1, "updatedReplicas": pods, "availableReplicas": pods},
        }


@pytest.fixture
def kubectl() -> FakeKubectl:
    return FakeKubectl()


@pytest.fixture
def target(kubectl: FakeKubectl) -> KubernetesTarget:
    objects = manifests.render("local-1.20", "monolith")
    return KubernetesTarget(ARCHITECTURES["monolith"], cast("Kubectl", kubectl), objects)


def test_a_worker_that_went_away_is_back_when_one_is_the_least(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.pods[WORKER] = 0
    target.autoscale({})
    assert kubectl.limits[WORKER] == (1, 1)
    assert kubectl.pods == {"monolith-web": 1, WORKER: 1}


def test_where_none_is_the_least_none_is_started(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.pods[WORKER] = 0
    target.autoscale({WORKER: 3}, least=0)
    assert kubectl.limits[WORKER] == (0, 3)
    assert kubectl.pods[WORKER] == 0


def test_pods_that_run_are_the_autoscaler_s(target: KubernetesTarget, kubectl: FakeKubectl) -> None:
    kubectl.pods[WORKER] = 3
    target.autoscale({WORKER: 3}, least=1)
    assert kubectl.pods[WORKER] == 3


@pytest.mark.parametrize("count", [0, 2])
def test_an_order_fixes_an_autoscaler_and_none_switches_it_off(
    target: KubernetesTarget, kubectl: FakeKubectl, count: int
) -> None:
    kubectl.limits[WORKER] = (1, 3)
    target.scale(WORKER, count)
    assert kubectl.pods[WORKER] == count
    assert kubectl.limits[WORKER] == ((count, count) if count else (1, 3))
