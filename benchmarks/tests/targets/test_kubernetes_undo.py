"""An undo brings back the revisions before the release, and no others."""

from typing import Any, cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import KubernetesTarget, manifests
from benchmarks.targets.kubernetes.kubectl import Kubectl


class FakeKubectl:
    """Deployments at a revision, and a release job that fails or succeeds."""

    def __init__(self) -> None:
        self.revision = "4"
        self.job = "Complete"
        self.undone: list[str] = []

    def run(self, *arguments: str, objects: object = None) -> str:
        if arguments[:2] == ("rollout", "undo"):
            self.undone.append(arguments[3])
        if objects and arguments[0] == "apply" and self.job == "applied":
            self.revision = "5"
        if objects and self.job == "Complete":
            self.job = "applied"
        return ""

    def read(self, name: str) -> dict[str, Any]:
        if name.startswith("job/"):
            condition = "Failed" if self.job == "Failed" else "Complete"
            return {"status": {"conditions": [{"type": condition, "status": "True"}]}}
        annotations = {"deployment.kubernetes.io/revision": self.revision}
        metadata = {"name": name.partition("/")[2], "annotations": annotations, "generation": 1}
        status = {"observedGeneration": 1, "updatedReplicas": 1, "availableReplicas": 1}
        return {"kind": "Deployment", "metadata": metadata, "spec": {}, "status": status}

    def items(self, *names: str) -> list[dict[str, Any]]:
        return [self.read(name) for name in names if name.startswith("deployment/")]


@pytest.fixture
def kubectl() -> FakeKubectl:
    return FakeKubectl()


@pytest.fixture
def target(kubectl: FakeKubectl) -> KubernetesTarget:
    objects = manifests.render("local-1.20", "microservices")
    return KubernetesTarget(ARCHITECTURES["microservices"], cast("Kubectl", kubectl), objects)


def test_a_release_is_undone_to_the_revision_before(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    target.release("submissions", "next")
    target.undo("submissions")
    assert kubectl.undone == ["--to-revision=4"] * len(target.process_types("submissions"))


def test_a_release_whose_job_failed_changed_nothing_and_nothing_is_undone(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.job = "Failed"
    with pytest.raises(EngineError, match="The job submissions-release didn't succeed"):
        target.release("submissions", "next")
    target.undo("submissions")
    assert kubectl.undone == []


def test_without_a_release_there_is_nothing_to_undo(target: KubernetesTarget) -> None:
    with pytest.raises(EngineError, match="there is nothing to undo"):
        target.undo("submissions")
