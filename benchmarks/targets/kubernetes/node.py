"""What an operator does to the nodes of a cluster: cordon them, and evict pods from them."""

from benchmarks.targets.kubernetes.kubectl import Kubectl

_EVICTION = {"v1": "policy/v1", "v1beta1": "policy/v1beta1"}


def evict(kubectl: Kubectl, pod: str) -> None:
    """End a pod as a drained node does: within its disruption budget.

    EngineError if the budget doesn't allow it now.
    """
    versions = kubectl.run("api-versions").split()
    newest = "v1" if _EVICTION["v1"] in versions else "v1beta1"
    eviction = {
        "apiVersion": _EVICTION[newest],
        "kind": "Eviction",
        "metadata": {"name": pod, "namespace": kubectl.namespace},
    }
    path = f"/api/v1/namespaces/{kubectl.namespace}/pods/{pod}/eviction"
    kubectl.run("create", f"--raw={path}", "-f", "-", raw=eviction)


def cordon(kubectl: Kubectl) -> None:
    """Keep every node from being given new pods."""
    for node in _nodes(kubectl):
        kubectl.run("cordon", node)


def uncordon(kubectl: Kubectl) -> None:
    """Let every node be given new pods again."""
    for node in _nodes(kubectl):
        kubectl.run("uncordon", node)


def _nodes(kubectl: Kubectl) -> list[str]:
    return [found["metadata"]["name"] for found in kubectl.items("nodes")]
