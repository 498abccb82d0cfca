"""A release on Kubernetes tries a pod that clients don't reach, and undoes itself if it is bad."""

from typing import Any, cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.errors import EngineError, ReleaseError
from benchmarks.targets.kubernetes import KubernetesTarget, canary_pod, manifests, rollout_status
from benchmarks.targets.kubernetes.kubectl import Kubectl

OBJECTS = manifests.render("local-1.20", "microservices")
REVISION = "deployment.kubernetes.io/revision"
SERVING, NEW = "http://10.0.0.1:8000", "http://10.0.0.2:8000"


class FakeKubectl:
    """Deployments that get a new revision when they are applied, or brought back."""

    def __init__(self) -> None:
        self.revision = 4
        self.serves_again: dict[str, int] = {}  # deployments that were brought back
        self.job_fails = False
        self.becomes_ready = True
        self.canary_starts = True
        self.undone: list[str] = []
        self.applied: list[tuple[str, ...]] = []  # the kinds, each time
        self.canaries: list[str] = []

    def run(self, *arguments: str, objects: list[dict[str, Any]] | None = None, **_: object) -> str:
        kinds = tuple(sorted({it["kind"] for it in objects or []}))
        match arguments:
            case ("rollout", "undo", name, back):
                self.undone.append(back)
                self.serves_again[name] = self.revision + 1
            case ("apply", *_):
                self.applied.append(kinds)
                self.canaries += [
                    it["metadata"]["name"] for it in objects or [] if kinds == ("Pod",)
                ]
                if "Deployment" in kinds:
                    self.revision, self.serves_again = self.revision + 1, {}
            case ("delete", name, *_) if name.startswith("pod/"):
                self.canaries = [it for it in self.canaries if f"pod/{it}" != name]
        return ""

    def read(self, name: str) -> dict[str, Any]:
        kind, _, plain = name.partition("/")
        if kind == "job":
            condition = "Failed" if self.job_fails else "Complete"
            return {"status": {"conditions": [{"type": condition, "status": "True"}]}}
        if kind == "pod":
            assert plain in self.canaries
            started = "True" if self.canary_starts else "False"
            conditions = [{"type": "ContainersReady", "status": started}]
            return _pod(plain, "10.0.0.2", conditions)
        back = self.serves_again.get(name)
        updated = int(self.becomes_ready or self.revision == 4 or back is not None)
        annotations = {REVISION: str(back or self.revision)}
        metadata = {"name": plain, "annotations": annotations, "generation": 1}
        status = {"observedGeneration": 1, "updatedReplicas": updated, "availableReplicas": updated}
        return {"kind": "Deployment", "metadata": metadata, "spec": {}, "status": status}

    def items(self, *names: str) -> list[dict[str, Any]]:
        if names[0] == "pods":
            return [_pod("web-1", "10.0.0.1", [{"type": "Ready", "status": "True"}])]
        return [self.read(name) for name in names]


def _pod(name: str, address: str, conditions: list[dict[str, str]]) -> dict[str, Any]:
    spec = {"containers": [{"image": "one-flow/submissions:local"}]}
    status = {"podIP": address, "conditions": conditions}
    return {"metadata": {"name": name}, "spec": spec, "status": status}


@pytest.fixture
def kubectl(monkeypatch: pytest.MonkeyPatch) -> FakeKubectl:
    for module in (rollout_status, canary_pod):
        monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    return FakeKubectl()


@pytest.fixture
def target(kubectl: FakeKubectl) -> KubernetesTarget:
    return KubernetesTarget(ARCHITECTURES["microservices"], cast("Kubectl", kubectl), OBJECTS)


def refuse(_serving: list[str], _new: list[str]) -> None:
    message = "The canary got a wrong response."
    raise ReleaseError(message)


def test_a_release_is_undone_to_the_revision_before_and_no_further(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    target.release("submissions", "next")
    target.undo("submissions")
    assert kubectl.undone == ["--to-revision=4"] * len(target.process_types("submissions"))
    target.undo("submissions")
    assert len(kubectl.undone) == len(target.process_types("submissions"))


def test_a_release_whose_job_failed_changed_nothing_and_nothing_is_undone(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.job_fails = True
    with pytest.raises(EngineError, match="The job submissions-release didn't succeed"):
        target.release("submissions", "next")
    target.undo("submissions")
    assert kubectl.undone == []


def test_a_release_that_never_becomes_ready_undoes_itself(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.becomes_ready = False
    with pytest.raises(EngineError, match=r"Not ready after 0\.1 s: .*submissions-web"):
        target.release("submissions", "bad", timeout_seconds=0.1)
    every = ["--to-revision=4"] * len(target.process_types("submissions"))
    assert kubectl.undone == every
    target.undo("submissions")
    assert kubectl.undone == every, "an undo by order finds nothing to do"


def test_without_a_release_there_is_nothing_to_undo(target: KubernetesTarget) -> None:
    with pytest.raises(EngineError, match="there is nothing to undo"):
        target.undo("submissions")


def test_a_canary_compares_a_pod_before_a_deployment_changes(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    compared: list[tuple[list[str], list[str]]] = []

    def canary(serving: list[str], new: list[str]) -> None:
        assert kubectl.applied[-1] == ("Pod",)
        assert kubectl.canaries == ["submissions-web-canary"]
        compared.append((serving, new))

    assert target.release("submissions", "next", canary=canary).started == 1
    assert compared == [([SERVING], [NEW])]
    assert kubectl.applied[-1] == ("Deployment",)
    assert kubectl.canaries == []


@pytest.mark.parametrize("starts", [True, False])
def test_a_bad_canary_is_deleted_and_no_deployment_changed(
    target: KubernetesTarget, kubectl: FakeKubectl, starts: bool
) -> None:
    kubectl.canary_starts = starts
    with pytest.raises(ReleaseError if starts else EngineError):
        target.release("submissions", "wrong", timeout_seconds=0.1, canary=refuse)
    assert ("Deployment",) not in kubectl.applied
    assert kubectl.canaries == []
    assert kubectl.undone == []


def test_a_unit_without_a_web_process_has_no_canary(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    target.release("recognition", "next", canary=refuse)
    assert ("Pod",) not in kubectl.applied


def test_no_service_leads_to_a_canary_and_every_policy_is_that_of_the_others() -> None:
    (web,) = [
        it
        for it in OBJECTS
        if it["metadata"]["name"] == "submissions-web" and it["kind"] == "Deployment"
    ]
    pod = canary_pod.pod_of(web)
    template = web["spec"]["template"]
    assert pod["metadata"]["labels"] == template["metadata"]["labels"]
    assert pod["spec"].pop("readinessGates") == [{"conditionType": canary_pod.GATE}]
    assert pod["spec"] == template["spec"]
    assert {it["containerPort"] for it in pod["spec"]["containers"][0]["ports"]} == {
        canary_pod.PORT
    }


def test_images_are_those_of_pods_that_stay(target: KubernetesTarget) -> None:
    assert target.images("submissions") == {"one-flow/submissions:local"}
