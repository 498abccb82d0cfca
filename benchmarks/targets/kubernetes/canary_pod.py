"""One pod of a new version, to be tried before any client reaches it."""

import copy
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.targets.errors import EngineError, NotReadyError
from benchmarks.targets.kubernetes.kubectl import Kubectl, Object
from benchmarks.targets.kubernetes.rollout_status import POLL_SECONDS, describe, obstacle

PORT = 8000  # of every web process
# A condition of the pod that is never set. So the pod isn't ready, whatever its probes find, and no
# service leads to it; all its labels are those of the pods that serve, for the network policies.
GATE = "one-flow.example/serves"
# No client uses it, so it needs no time to finish; and the release goes on before it has ended.
_END = ("--grace-period=1", "--ignore-not-found")


@contextmanager
def canary_pod(kubectl: Kubectl, deployment: Object, timeout_seconds: float) -> Iterator[str]:
    """Run one pod as a deployment would within the block; give its URL.

    NotReadyError if its containers aren't ready in time. It is deleted at the end.
    """
    pod = pod_of(deployment)
    name = f"pod/{pod['metadata']['name']}"
    kubectl.run("delete", name, *_END, "--timeout=50s")  # the one before may still be ending
    try:
        kubectl.run("apply", "-f", "-", objects=[pod])
        yield f"http://{_wait_started(kubectl, name, timeout_seconds)}:{PORT}"
    finally:
        kubectl.run("delete", name, *_END, "--wait=false")


def pod_of(deployment: Object) -> Object:
    """Return a pod of a deployment's template that no service leads to."""
    template = copy.deepcopy(deployment["spec"]["template"])
    name = f"{deployment['metadata']['name']}-canary"
    template["spec"]["readinessGates"] = [{"conditionType": GATE}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**template["metadata"], "name": name},
        "spec": template["spec"],
    }


def _wait_started(kubectl: Kubectl, name: str, timeout_seconds: float) -> str:
    """Wait until a pod's containers are ready; return its address.

    EngineError, naming the cause, as soon as it can't start; NotReadyError after the timeout.
    """
    began = time.monotonic()
    while True:
        pod = kubectl.read(name)
        status = pod.get("status", {})
        conditions = {it["type"]: it["status"] for it in status.get("conditions", [])}
        if conditions.get("ContainersReady") == "True":
            address: str = status["podIP"]
            return address
        seconds = time.monotonic() - began
        cause = obstacle([pod], seconds)
        if cause is not None:
            raise EngineError(cause)
        if seconds > timeout_seconds:
            message = f"Not ready after {timeout_seconds:g} s: {describe([pod])}"
            raise NotReadyError(message)
        time.sleep(POLL_SECONDS)
