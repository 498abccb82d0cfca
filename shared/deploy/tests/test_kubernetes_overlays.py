"""What each overlay of the manifests adds, and that it adds nothing else."""

import copy
import re

import pytest
from manifests.render import (
    ARCHITECTURES,
    LOCAL,
    LOCAL_1_20,
    PRODUCTION,
    Manifest,
    build,
    name_of,
    of_kind,
    render,
)
from manifests.render import KUBERNETES as FOLDER
from manifests.rules import pod_of, workloads

from tests.kubernetes_cases import EVERY

OLD_VERSIONS = {
    "HorizontalPodAutoscaler": ("autoscaling/v2", "autoscaling/v2beta2"),
    "PodDisruptionBudget": ("policy/v1", "policy/v1beta1"),
}
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


def _named(manifests: tuple[Manifest, ...]) -> dict[str, Manifest]:
    return {name_of(it): it for it in manifests}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_overlay_for_1_20_changes_versions_owners_the_metric_and_readiness_alone(
    architecture: str,
) -> None:
    local, old = _named(render(LOCAL, architecture)), _named(render(LOCAL_1_20, architecture))
    assert set(local) == set(old)
    for name, manifest in local.items():
        changed, kind = copy.deepcopy(old[name]), manifest["kind"]
        if kind in OLD_VERSIONS:
            assert (manifest["apiVersion"], changed["apiVersion"]) == OLD_VERSIONS[kind]
            changed["apiVersion"] = manifest["apiVersion"]
        if kind == "HorizontalPodAutoscaler" and name.endswith("-worker"):
            changed["spec"] = {**changed["spec"], "metrics": manifest["spec"]["metrics"]}
        if kind == "StatefulSet":
            pod = {**pod_of(old[name])}
            (first,) = pod.pop("initContainers")
            assert first["command"][:2] == ["chown", "-R"]
            assert pod == pod_of(manifest)
        elif kind == "Deployment" and name.endswith(("-worker", "-consumer")):
            (container,) = pod_of(changed)["containers"]
            probe = container.pop("readinessProbe")
            assert probe["exec"] == container["livenessProbe"]["exec"]
            assert changed == manifest, name
        else:
            assert changed == manifest, name


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_in_production_every_image_is_named_by_its_digest(architecture: str) -> None:
    for name, workload in workloads(render(PRODUCTION, architecture)).items():
        for container in pod_of(workload)["containers"]:
            assert _DIGEST.search(container["image"]), name


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_in_production_there_is_tls_two_of_each_listener_and_no_backing_service(
    architecture: str,
) -> None:
    rendered = render(PRODUCTION, architecture)
    assert not of_kind(rendered, "StatefulSet")
    (ingress,) = of_kind(rendered, "Ingress").values()
    hosts = {it["host"] for it in ingress["spec"]["rules"]}
    assert hosts == {host for it in ingress["spec"]["tls"] for host in it["hosts"]}
    for name, workload in of_kind(rendered, "Deployment").items():
        if name.endswith(("-web", "-edge")):
            scaler = of_kind(rendered, "HorizontalPodAutoscaler").get(name)
            least = scaler["spec"]["minReplicas"] if scaler else workload["spec"]["replicas"]
            assert least >= 2, name
            assert name in of_kind(rendered, "PodDisruptionBudget")


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_what_is_many_is_spread_over_nodes_and_zones(overlay: str, architecture: str) -> None:
    for name, workload in of_kind(render(overlay, architecture), "Deployment").items():
        spread = pod_of(workload).get("topologySpreadConstraints", ())
        if name != "image-server":
            assert {each["topologyKey"] for each in spread} == {
                "kubernetes.io/hostname",
                "topology.kubernetes.io/zone",
            }, name
            for each in spread:
                assert each["labelSelector"] == workload["spec"]["selector"], name


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_everything_is_in_the_namespace_of_its_architecture(
    overlay: str, architecture: str
) -> None:
    rendered = render(overlay, architecture)
    (namespace,) = of_kind(rendered, "Namespace")
    assert namespace == architecture
    others = {it["metadata"].get("namespace") for it in rendered if it["kind"] != "Namespace"}
    assert others == {architecture}


@pytest.mark.parametrize("overlay", [LOCAL, LOCAL_1_20, PRODUCTION])
def test_an_overlay_of_both_is_those_of_each(overlay: str) -> None:
    both = build(FOLDER / overlay)
    each = [it for name in ARCHITECTURES for it in render(overlay, name)]
    assert sorted(map(str, both)) == sorted(map(str, each))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_process_without_a_probe_has_to_run_before_it_replaces_another(
    architecture: str,
) -> None:
    unprobed = {
        name: workload
        for name, workload in of_kind(render(PRODUCTION, architecture), "Deployment").items()
        if "startupProbe" not in pod_of(workload)["containers"][0]
    }
    assert {name.rpartition("-")[2] for name in unprobed} == {"sweeper"}
    for name, workload in unprobed.items():
        assert workload["spec"]["minReadySeconds"] >= 10, name
