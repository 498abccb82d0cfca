"""Pods become containers with the names that processes have on other platforms."""

from typing import Any

from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.kubernetes.pods import containers_of

MONOLITH, SERVICES = ARCHITECTURES["monolith"], ARCHITECTURES["microservices"]


def pod(unit: str, kind: str, container: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": unit}
    if kind:
        labels["app.kubernetes.io/component"] = kind
    status = {"containerStatuses": [{"containerID": f"docker://{container}"}]}
    return {"metadata": {"labels": labels}, "status": status}


def test_processes_are_numbered_by_type() -> None:
    pods = [
        pod("monolith", "web", "a1"),
        pod("monolith", "worker", "b2"),
        pod("monolith", "web", "c3"),
    ]
    found = containers_of(MONOLITH, pods)
    assert [(it.process, it.unit, it.role, it.id) for it in found] == [
        ("monolith-web-1", "monolith", "unit", "a1"),
        ("monolith-worker-1", "monolith", "unit", "b2"),
        ("monolith-web-2", "monolith", "unit", "c3"),
    ]


def test_the_edge_of_either_side_has_one_name() -> None:
    found = [
        *containers_of(MONOLITH, [pod("monolith", "edge", "a1")]),
        *containers_of(SERVICES, [pod("edge", "edge", "b2")]),
    ]
    assert [(it.process, it.unit, it.role) for it in found] == [("edge", "edge", "edge")] * 2


def test_stores_are_backing_services_and_the_images_server_is_beside() -> None:
    found = containers_of(SERVICES, [pod("postgres", "", "a1"), pod("image-server", "", "b2")])
    assert [(it.process, it.role) for it in found] == [
        ("postgres", "backing"),
        ("image-server", "companion"),
    ]


def test_a_release_and_a_container_that_has_not_started_are_left_out() -> None:
    starting = pod("monolith", "web", "")
    starting["status"] = {"containerStatuses": [{"containerID": None}]}
    assert containers_of(MONOLITH, [pod("monolith", "release", "a1"), starting]) == []
