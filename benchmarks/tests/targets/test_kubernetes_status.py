"""A workload counts as rolled out by kubectl's rule, and what blocks a pod becomes one sentence."""

from typing import Any

import pytest
from benchmarks.targets.kubernetes.rollout_status import (
    PLACEMENT_SECONDS,
    describe,
    is_ready,
    is_rolled_out,
    obstacle,
)


def deployment(**status: int) -> dict[str, Any]:
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "generation": 3},
        "spec": {"replicas": 2},
        "status": {
            "observedGeneration": 3,
            "replicas": 2,
            "updatedReplicas": 2,
            "availableReplicas": 2,
        }
        | status,
    }


def pod(*, waiting: dict[str, str] | None = None, ready: str = "False") -> dict[str, Any]:
    state = {"waiting": waiting} if waiting else {"running": {}}
    container = {"image": "one-flow/monolith:r1", "state": state, "restartCount": 2}
    return {
        "metadata": {"name": "web-1"},
        "status": {
            "phase": "Pending",
            "conditions": [{"type": "Ready", "status": ready}],
            "containerStatuses": [container],
        },
    }


def test_all_new_and_all_available_is_rolled_out() -> None:
    assert is_rolled_out(deployment())


@pytest.mark.parametrize(
    "status",
    [
        {"observedGeneration": 2},  # the controller hasn't seen the change
        {"updatedReplicas": 1},  # one is of the former version
        {"replicas": 3},  # an old pod still serves beside them
        {"availableReplicas": 1},  # one isn't ready
    ],
)
def test_anything_less_is_not(status: dict[str, int]) -> None:
    assert not is_rolled_out(deployment(**status))


def test_a_new_deployment_without_a_status_is_not_rolled_out() -> None:
    fresh = deployment()
    del fresh["status"]
    assert not is_rolled_out(fresh)


@pytest.mark.parametrize(("ready", "rolled_out"), [(1, False), (2, True)])
def test_a_stateful_set_is_rolled_out_when_its_pods_are_ready(
    ready: int, *, rolled_out: bool
) -> None:
    stores = deployment(readyReplicas=ready) | {"kind": "StatefulSet"}
    assert is_rolled_out(stores) is rolled_out


@pytest.mark.parametrize("reason", ["ErrImageNeverPull", "ErrImagePull", "ImagePullBackOff"])
def test_a_missing_image_is_named(reason: str) -> None:
    sentence = obstacle([pod(waiting={"reason": reason})], seconds=0)
    assert sentence is not None
    assert sentence.startswith("The node has no container image one-flow/monolith:r1 for web-1")


def test_a_missing_secret_is_named() -> None:
    waiting = {"reason": "CreateContainerConfigError", "message": 'secret "monolith" not found'}
    sentence = obstacle([pod(waiting=waiting)], seconds=0)
    assert sentence == 'web-1 can\'t start: secret "monolith" not found.'


def test_too_little_room_is_an_obstacle_once_volumes_would_be_bound() -> None:
    unplaced = pod()
    message = "0/1 nodes are available: 1 Insufficient cpu."
    unplaced["status"]["conditions"].append({"reason": "Unschedulable", "message": message})
    assert obstacle([unplaced], seconds=PLACEMENT_SECONDS - 1) is None
    assert obstacle([unplaced], seconds=PLACEMENT_SECONDS + 1) == (
        f"No node has room for web-1: {message}"
    )


def test_a_pod_that_starts_is_no_obstacle() -> None:
    starting = pod(waiting={"reason": "ContainerCreating"})
    assert obstacle([starting, pod()], seconds=1000) is None


def test_pods_that_are_not_ready_are_described() -> None:
    assert describe([pod(ready="True"), pod()]) == "web-1: Pending, 2 restarts"


def test_a_pod_that_ends_is_not_ready() -> None:
    ending = pod(ready="True")
    assert is_ready(ending)
    ending["metadata"]["deletionTimestamp"] = "2026-11-30T00:00:00Z"
    assert not is_ready(ending)
