"""A release on Kubernetes tries a pod that clients don't reach, and undoes itself if it is bad."""

from typing import Any, cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.errors import EngineError, NotReadyError, WrongResponseError
from benchmarks.targets.kubernetes import (
    KubernetesTarget,
    canary_pod,
    manifests,
    rollout,
    rollout_status,
)
from benchmarks.targets.kubernetes.kubectl import Kubectl

OBJECTS = manifests.render("local-1.20", "microservices")
REVISION = "deployment.kubernetes.io/revision"
READY = [{"type": "Ready", "status": "True"}]
SERVING, NEW = "http://10.0.0.1:8000", "http://10.0.0.2:8000"


class FakeKubectl:
    """Deployments that get a new revision when they are applied, or brought back."""

    def __init__(self) -> None:
        self.revision = 4
        self.serves_again: dict[str, int] = {}  # deployments that were brought back
        self.job_fails = False
        self.becomes_ready = True
        self.seen_after = 0  # reads of a deployment until the controller has seen its change
        self.refuses: str | None = None  # the apply of deployments, after it changed one
        self.lacks_image = False
        self.undo_fails = False
        self.returns_after = 0  # reads until what was brought back is alone
        self.canary_starts = True
        self.undone: list[str] = []
        self.applied: list[tuple[str, ...]] = []  # the kinds, each time
        self.canaries: list[str] = []
        self.unseen = 0
        self.pods = [_pod("web-1", "10.0.0.1", READY)]

    def run(self, *arguments: str, objects: list[dict[str, Any]] | None = None, **_: object) -> str:
        kinds = tuple(sorted({it["kind"] for it in objects or []}))
        match arguments:
            case ("rollout", "undo", name, back):
                if self.undo_fails:
                    message = "kubectl rollout: connection refused"
                    raise EngineError(message)
                self.undone.append(back)
                self.serves_again[name] = self.revision + 1
            case ("apply", *_):
                self.applied.append(kinds)
                self.canaries += [
                    it["metadata"]["name"] for it in objects or [] if kinds == ("Pod",)
                ]
                if "Deployment" in kinds:
                    self.revision, self.serves_again = self.revision + 1, {}
                    self.unseen = self.seen_after
                if "Deployment" in kinds and self.refuses:
                    raise EngineError(self.refuses)
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
        self.unseen -= bool(self.unseen)
        generation = 1 if self.unseen else 2
        updated = int(self.becomes_ready or self.revision == 4 or back is not None)
        if back is not None and self.returns_after:
            self.returns_after, updated = self.returns_after - 1, 0
        shown = self.revision if generation == 2 else self.revision - 1
        annotations = {REVISION: str(back or shown)}
        metadata = {"name": plain, "annotations": annotations, "generation": 2}
        status = {"observedGeneration": generation, "updatedReplicas": updated}
        status["availableReplicas"] = updated
        return {"kind": "Deployment", "metadata": metadata, "spec": {}, "status": status}

    def items(self, *names: str) -> list[dict[str, Any]]:
        if names[0] == "pods":
            bad = _pod("submissions-web-2", "", [])
            waiting = {"state": {"waiting": {"reason": "ErrImageNeverPull"}}, "image": "bad"}
            bad["status"]["containerStatuses"] = [waiting]
            return [*self.pods, *([bad] if self.lacks_image and self.revision > 4 else [])]
        return [self.read(name) for name in names]


def _pod(name: str, address: str, conditions: list[dict[str, str]]) -> dict[str, Any]:
    spec = {"containers": [{"image": "one-flow/submissions:local"}]}
    status = {"podIP": address, "conditions": conditions}
    return {"metadata": {"name": name}, "spec": spec, "status": status}


@pytest.fixture
def kubectl(monkeypatch: pytest.MonkeyPatch) -> FakeKubectl:
    for module in (rollout_status, canary_pod, rollout):
        monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    return FakeKubectl()


@pytest.fixture
def target(kubectl: FakeKubectl) -> KubernetesTarget:
    return KubernetesTarget(ARCHITECTURES["microservices"], cast("Kubectl", kubectl), OBJECTS)


def refuse(_serving: list[str], _new: list[str]) -> None:
    message = "The canary got a wrong response."
    raise WrongResponseError(message)


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
    with pytest.raises(NotReadyError, match=r"Not ready after 0\.1 s: .*submissions-web"):
        target.release("submissions", "bad", timeout_seconds=0.1)
    every = ["--to-revision=4"] * len(target.process_types("submissions"))
    assert kubectl.undone == every
    target.undo("submissions")
    assert kubectl.undone == every, "an undo by order finds nothing to do"


def test_pods_that_cannot_start_do_not_end_the_undo(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.becomes_ready, kubectl.lacks_image, kubectl.returns_after = False, True, 9
    with pytest.raises(EngineError, match="no container image bad for submissions-web-2") as raised:
        target.release("submissions", "bad")
    assert "The undo" not in str(raised.value)
    assert len(kubectl.undone) == len(target.process_types("submissions"))


def test_an_undo_waits_until_the_controller_has_seen_the_change(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.refuses, kubectl.seen_after = "kubectl apply: exceeded quota", 7
    with pytest.raises(EngineError, match="exceeded quota"):
        target.release("submissions", "next")
    assert len(kubectl.undone) == len(target.process_types("submissions"))


def test_an_undo_that_fails_is_named_beside_its_cause(
    target: KubernetesTarget, kubectl: FakeKubectl
) -> None:
    kubectl.becomes_ready, kubectl.undo_fails = False, True
    with pytest.raises(EngineError, match=r"Not ready .* The undo of submissions failed as well"):
        target.release("submissions", "bad", timeout_seconds=0.1)


def test_a_canary_needs_a_pod_that_serves(target: KubernetesTarget, kubectl: FakeKubectl) -> None:
    kubectl.pods = [_pod("web-1", "10.0.0.1", [])]
    with pytest.raises(EngineError, match="submissions-web has no ready pod"):
        target.release("submissions", "next", canary=refuse)
    assert kubectl.canaries == []


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

    target.release("submissions", "next", canary=canary)
    assert compared == [([SERVING], [NEW])]
    assert kubectl.applied[-1] == ("Deployment",)
    assert kubectl.canaries == []


@pytest.mark.parametrize("starts", [True, False])
def test_a_bad_canary_is_deleted_and_no_deployment_changed(
    target: KubernetesTarget, kubectl: FakeKubectl, starts: bool
) -> None:
    kubectl.canary_starts = starts
    with pytest.raises(WrongResponseError if starts else NotReadyError):
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


def test_images_are_those_of_pods_that_stay(target: KubernetesTarget, kubectl: FakeKubectl) -> None:
    ends = _pod("web-2", "10.0.0.3", READY)
    ends["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    ends["spec"]["containers"] = [{"image": "one-flow/submissions:bad"}]
    kubectl.pods.append(ends)
    assert target.images("submissions") == {"one-flow/submissions:local"}
