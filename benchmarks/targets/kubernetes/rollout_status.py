"""Whether deployments, stateful sets and jobs have reached what is wanted of them, and why not."""

import time
from collections.abc import Collection, Iterable
from typing import Any

from benchmarks.targets.errors import EngineError, NotReadyError
from benchmarks.targets.kubernetes.kubectl import Kubectl, Object

POLL_SECONDS = 1.0  # kubectl itself needs a tenth of a second of CPU
# A new claim of a volume is bound within seconds, and until then its pod can't be placed.
PLACEMENT_SECONDS = 20.0
_NO_IMAGE = frozenset({"ErrImageNeverPull", "ErrImagePull", "ImagePullBackOff", "InvalidImageName"})


def wait_rolled_out(
    kubectl: Kubectl,
    names: Collection[str],
    timeout_seconds: float,
    *,
    judges_pods: bool = True,
) -> None:
    """Wait until these workloads (such as `deployment/web`) run only what they should.

    EngineError, naming the cause, as soon as a pod can't start; NotReadyError after the timeout.
    Without `judges_pods` only the latter: after an undo there still are pods that can't.
    """
    began = time.monotonic()
    while True:
        found = kubectl.items(*names) if len(names) > 1 else [kubectl.read(*names)]
        waiting = [it for it in found if not is_rolled_out(it)]
        if not waiting:
            return
        seconds = time.monotonic() - began
        owners = [it["metadata"]["name"] for it in waiting]
        pods = [pod for pod in kubectl.items("pods") if _is_of(pod, owners)]
        cause = obstacle(pods, seconds) if judges_pods else None
        if cause is not None:
            raise EngineError(cause)
        if seconds > timeout_seconds:
            message = f"Not ready after {timeout_seconds:g} s: {', '.join(owners)}."
            raise NotReadyError(f"{message} {describe(pods)}")
        time.sleep(POLL_SECONDS)


def wait_complete(kubectl: Kubectl, job: str, timeout_seconds: float) -> None:
    """Wait until a job has succeeded. EngineError if it fails, or after the timeout."""
    began = time.monotonic()
    while True:
        status = kubectl.read(f"job/{job}").get("status", {})
        conditions = {it["type"] for it in status.get("conditions", []) if it["status"] == "True"}
        if "Complete" in conditions:
            return
        seconds = time.monotonic() - began
        pods = kubectl.items("pods", f"--selector=job-name={job}")
        cause = obstacle(pods, seconds)
        if cause is not None:
            raise EngineError(cause)
        if "Failed" in conditions or seconds > timeout_seconds:
            log = kubectl.run("logs", f"job/{job}", "--tail=5").strip()
            message = f"The job {job} didn't succeed within {timeout_seconds:g} s: {log}"
            raise EngineError(message)
        time.sleep(POLL_SECONDS)


def is_rolled_out(found: Object) -> bool:
    """Return whether a deployment or stateful set runs its newest version alone, all of it ready.

    The rule of `kubectl rollout status`.
    """
    wanted, status = found["spec"].get("replicas", 1), found.get("status", {})
    if not is_observed(found):
        return False
    if found["kind"] == "StatefulSet":
        return bool(status.get("readyReplicas", 0) >= wanted)
    updated = status.get("updatedReplicas", 0)
    return bool(
        updated >= wanted
        and status.get("replicas", 0) <= updated
        and status.get("availableReplicas", 0) >= updated
    )


def is_observed(found: Object) -> bool:
    """Return whether the controller has seen the newest version of a deployment or stateful set."""
    seen: int = found.get("status", {}).get("observedGeneration", 0)
    return bool(seen >= found["metadata"]["generation"])


def obstacle(pods: Iterable[Object], seconds: float) -> str | None:
    """Return a sentence on what keeps a pod from starting; None if nothing is known to.

    `seconds` is how long the pods have been waited for.
    """
    for pod in pods:
        name, status = pod["metadata"]["name"], pod.get("status", {})
        for container in _containers(status):
            waiting = container.get("state", {}).get("waiting", {})
            if waiting.get("reason") in _NO_IMAGE:
                return (
                    f"The node has no container image {container['image']} for {name}: build it"
                    " there, by the commands in docs/kubernetes.md."
                )
            if waiting.get("reason") == "CreateContainerConfigError":
                return (
                    f"{name} can't start: {waiting.get('message', 'its configuration is wrong')}."
                )
        for condition in status.get("conditions", []):
            if condition.get("reason") == "Unschedulable" and seconds > PLACEMENT_SECONDS:
                return f"No node has room for {name}: {condition.get('message', '')}"
    return None


def describe(pods: Iterable[Object]) -> str:
    """Return a line on each pod that isn't ready."""
    lines = []
    for pod in pods:
        status = pod.get("status", {})
        restarts = sum(it.get("restartCount", 0) for it in _containers(status))
        if not is_ready(pod):
            phase = status.get("phase", "Unknown")
            lines.append(f"{pod['metadata']['name']}: {phase}, {restarts} restarts")
    return "; ".join(lines)


def is_ready(pod: Object) -> bool:
    """Return whether a pod is ready and isn't about to end."""
    conditions = {it["type"]: it["status"] for it in pod.get("status", {}).get("conditions", [])}
    return conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"]


def _containers(status: dict[str, Any]) -> list[dict[str, Any]]:
    return [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]


def _is_of(pod: Object, owners: Collection[str]) -> bool:
    return any(pod["metadata"]["name"].startswith(f"{name}-") for name in owners)
