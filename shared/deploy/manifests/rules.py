"""Rules of our own for rendered objects: what schemas can't know and checkov doesn't look at.

Each rule takes all objects of one architecture in one overlay and returns a line for each fault.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from manifests.render import Manifest, name_of

Rule = Callable[[Sequence[Manifest]], list[str]]
WORKLOADS = ("Deployment", "StatefulSet", "Job")
SIGNERS = ("monolith-web", "accounts-web")
_SIGNING_KEYS = "signing-keys"
_SECRET_WORDS = ("SECRET", "PASSWORD", "DATABASE_URL", "BROKER_URL", "CACHE_URL", "ACCESS_KEY")
_SCALED_BY = ("HorizontalPodAutoscaler", "ScaledObject")


def workloads(manifests: Sequence[Manifest]) -> dict[str, Manifest]:
    """Return what runs pods, by name."""
    return {it["metadata"]["name"]: it for it in manifests if it["kind"] in WORKLOADS}


def pod_of(workload: Manifest) -> dict[str, Any]:
    """Return the specification of a workload's pods."""
    found: dict[str, Any] = workload["spec"]["template"]["spec"]
    return found


def hardened(manifests: Sequence[Manifest]) -> list[str]:
    """Find containers that may do more than run: as root, with capabilities, writing their image.

    The one exception is a first container that changes the owner of a volume, as root.
    """
    return [
        f"{name}: {container['name']}: {fault}"
        for name, it in workloads(manifests).items()
        for container in _containers(it)
        for fault in _privileges(pod_of(it), container)
    ]


def _containers(workload: Manifest) -> list[dict[str, Any]]:
    return [*pod_of(workload).get("initContainers", ()), *pod_of(workload)["containers"]]


def _privileges(pod: dict[str, Any], container: dict[str, Any]) -> Iterator[str]:
    security = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
    is_owner = container["name"] == "owner" and container["command"][0] == "chown"
    if not is_owner and not (security.get("runAsNonRoot") and security.get("runAsUser")):
        yield "may run as root"
    if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "has no seccomp profile"
    if security.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "may write to its image"
    capabilities = security.get("capabilities", {})
    if capabilities.get("drop") != ["ALL"] or (capabilities.get("add") and not is_owner):
        yield "has capabilities"


def isolated(manifests: Sequence[Manifest]) -> list[str]:
    """Find pods that could call the cluster's API, or that get variables of other services."""
    accounts = {it["metadata"]["name"]: it for it in manifests if it["kind"] == "ServiceAccount"}
    found = []
    for name, workload in workloads(manifests).items():
        pod = pod_of(workload)
        account = accounts.get(pod.get("serviceAccountName", "default"), {})
        if pod.get("serviceAccountName") != name:
            found.append(f"{name}: it has no service account of its own")
        if {
            pod.get("automountServiceAccountToken"),
            account.get("automountServiceAccountToken"),
        } != {False}:
            found.append(f"{name}: it gets a token of the cluster")
        if pod.get("enableServiceLinks") is not False:
            found.append(f"{name}: services set its variables")
    return found


def bounded(manifests: Sequence[Manifest]) -> list[str]:
    """Find containers without a request or a limit, and volumes without a size."""
    found = [
        f"{name}: {container['name']}: no {kind} of {resource}"
        for name, it in workloads(manifests).items()
        for container in _containers(it)
        for kind in ("requests", "limits")
        for resource in ("cpu", "memory")
        if resource not in container.get("resources", {}).get(kind, {})
    ]
    found += [
        f"{name}: {volume['name']}: its size isn't limited"
        for name, it in workloads(manifests).items()
        for volume in pod_of(it).get("volumes", ())
        if "emptyDir" in volume and "sizeLimit" not in (volume["emptyDir"] or {})
    ]
    return found


def secrets_apart(manifests: Sequence[Manifest]) -> list[str]:
    """Find secrets among the objects, in a ConfigMap or written into a variable."""
    committed = [it for it in manifests if it["kind"] == "Secret"]
    found = [f"{name_of(it)}: secrets aren't committed" for it in committed]
    found += [
        f"{name_of(it)}: {key} belongs into a Secret"
        for it in manifests
        if it["kind"] == "ConfigMap"
        for key in it.get("data", {})
        if _is_secret(key)
    ]
    found += [
        f"{name}: {variable['name']} belongs into a Secret"
        for name, it in workloads(manifests).items()
        for container in _containers(it)
        for variable in container.get("env", ())
        if "value" in variable and _is_secret(variable["name"])
    ]
    return found


def _is_secret(name: str) -> bool:
    return any(word in name for word in _SECRET_WORDS)


def signing_keys_at_signers(manifests: Sequence[Manifest]) -> list[str]:
    """Find processes that have the signing keys and don't sign, or sign and don't have them."""
    found = []
    for name, workload in workloads(manifests).items():
        volumes = [it for it in pod_of(workload).get("volumes", ()) if "secret" in it]
        has_keys = any(it["secret"]["secretName"].endswith(_SIGNING_KEYS) for it in volumes)
        named = [
            source.get("name", "")
            for container in _containers(workload)
            for variable in container.get("env", ())
            for source in variable.get("valueFrom", {}).values()
        ]
        has_keys = has_keys or any(it.endswith(_SIGNING_KEYS) for it in named)
        if has_keys and name not in SIGNERS:
            found.append(f"{name}: it has the signing keys and doesn't sign")
        if name in SIGNERS and not has_keys:
            found.append(f"{name}: it signs, and has no signing keys")
    return found


def whole(manifests: Sequence[Manifest]) -> list[str]:
    """Find references to what isn't there: ConfigMaps, scaled workloads, pods of a selector."""
    existing = {(it["kind"], it["metadata"]["name"]) for it in manifests}
    found = [
        f"{name}: there is no ConfigMap {source['configMapRef']['name']}"
        for name, it in workloads(manifests).items()
        for container in _containers(it)
        for source in container.get("envFrom", ())
        if ("ConfigMap", source["configMapRef"]["name"]) not in existing
    ]
    labels = [it["spec"]["template"]["metadata"]["labels"] for it in workloads(manifests).values()]
    for manifest in manifests:
        if manifest["kind"] in _SCALED_BY:
            target = manifest["spec"]["scaleTargetRef"]
            if (target.get("kind", "Deployment"), target["name"]) not in existing:
                found.append(f"{name_of(manifest)}: there is no {target['name']}")
        selector = _selector(manifest)
        if selector and not any(selector.items() <= each.items() for each in labels):
            found.append(f"{name_of(manifest)}: no pod is selected by {selector}")
    return found


def _selector(manifest: Manifest) -> dict[str, str]:
    spec = manifest.get("spec", {})
    if manifest["kind"] == "Service":
        return dict(spec["selector"])
    if manifest["kind"] == "NetworkPolicy":
        return dict(spec["podSelector"].get("matchLabels", {}))
    if manifest["kind"] in {"PodDisruptionBudget", "Deployment", "StatefulSet"}:
        return dict(spec["selector"]["matchLabels"])
    return {}


def scaled_by_one(manifests: Sequence[Manifest]) -> list[str]:
    """Find deployments whose number is set by two, or by nothing."""
    scaled = [it["spec"]["scaleTargetRef"]["name"] for it in manifests if it["kind"] in _SCALED_BY]
    found = []
    for name, workload in workloads(manifests).items():
        if workload["kind"] == "Deployment":
            setters = scaled.count(name) + ("replicas" in workload["spec"])
            if setters != 1:
                found.append(f"{name}: its replicas are set by {setters}, not by one")
    return found


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        hardened,
        isolated,
        bounded,
        secrets_apart,
        signing_keys_at_signers,
        whole,
        scaled_by_one,
    )
}


def problems(manifests: Sequence[Manifest]) -> list[str]:
    """Return what breaks a rule, a line each."""
    return [f"{name}: {fault}" for name, rule in RULES.items() for fault in rule(manifests)]
