"""Deploy an architecture on Kubernetes: secrets, backing services, releases, processes."""

from collections.abc import Mapping

from benchmarks.targets.architectures import ARCHITECTURES, unit_names
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import manifests
from benchmarks.targets.kubernetes.kubectl import Kubectl
from benchmarks.targets.kubernetes.rollout_status import wait_complete, wait_rolled_out
from benchmarks.targets.kubernetes.target import ROLLOUT_SECONDS, KubernetesTarget

RELEASE_SECONDS = 600.0


def require_place(arch: str, *, context: str, overlay: str) -> None:
    """Raise EngineError where `deploy` can't begin: its place is missing, or taken.

    That is: no kubectl, context, cluster or overlay, or a namespace that exists.
    """
    kubectl = Kubectl(context, arch)
    kubectl.require_cluster()
    manifests.require_overlay(overlay, arch)
    if kubectl.exists("namespace", arch):
        message = (
            f"The namespace {arch!r} exists at the context {context!r}, and what is in it stays as"
            f" it is. `kubectl delete namespace {arch}` removes it."
        )
        raise EngineError(message)


def deploy(
    arch: str,
    *,
    context: str,
    overlay: str,
    settings: Mapping[str, str] | None = None,
    autoscaled: Mapping[str, int] | None = None,
    least: int = 1,
) -> KubernetesTarget:
    """Deploy an architecture by an overlay into a namespace of its own; return it when it is ready.

    `settings` are environment variables for every unit. `autoscaled` maps process types to the most
    pods that the queue's length may bring them to, from `least` on, and all others keep one; None:
    as the overlay has it. The steps are those of docs/kubernetes.md.
    EngineError where `require_place` raises it, and if there is no container image or no room; then
    nothing of it is left.
    """
    require_place(arch, context=context, overlay=overlay)
    architecture, kubectl = ARCHITECTURES[arch], Kubectl(context, arch)
    objects = manifests.with_settings(
        manifests.render(overlay, arch), unit_names(architecture), settings or {}
    )
    if autoscaled is not None:
        objects = manifests.with_autoscalers(
            objects, autoscaled, least=least, like=architecture.worker
        )
    secrets = manifests.new_secrets(arch)
    target = KubernetesTarget(architecture, kubectl, objects)
    try:
        kubectl.run("create", "--save-config", "-f", "-", objects=secrets)
        first = manifests.of_stage(objects, rollout=False)
        kubectl.run("apply", "-f", "-", objects=first)
        stores = [it["metadata"]["name"] for it in first if it["kind"] == "StatefulSet"]
        wait_rolled_out(kubectl, [f"statefulset/{name}" for name in stores], RELEASE_SECONDS)
        for job in [it["metadata"]["name"] for it in first if it["kind"] == "Job"]:
            wait_complete(kubectl, job, RELEASE_SECONDS)
        kubectl.run("apply", "-f", "-", objects=objects)
        target.wait_ready(ROLLOUT_SECONDS)
    except BaseException:
        target.stop()
        raise
    return target
