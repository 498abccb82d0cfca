"""What `docker inspect` prints becomes a container, and its state a part of a sentence."""

from typing import Any

import pytest
from benchmarks.targets.compose.container import RESTARTS_MAX, Container, read_container


def described(*, health: str | None = "healthy", restarts: int = 0, **state: Any) -> dict[str, Any]:
    """The part of the output that is read, of a worker that runs."""
    found = {"Status": "running", "Pid": 4711, "ExitCode": 0} | state
    if health is not None:
        found["Health"] = {"Status": health, "FailingStreak": 0, "Log": []}
    return {
        "Id": "5f0c" * 16,
        "Created": "2026-11-30T06:12:13.123456789Z",
        "Image": "sha256:77aa",
        "RestartCount": restarts,
        "State": found,
        "Config": {
            "Image": "one-flow/monolith:local",
            "Labels": {
                "com.docker.compose.project": "one-flow-monolith",
                "com.docker.compose.service": "monolith-worker",
                "com.docker.compose.container-number": "2",
                "com.docker.compose.oneoff": "False",
            },
        },
        "NetworkSettings": {
            "Networks": {"one-flow-monolith_default": {"IPAddress": "172.20.0.5", "Aliases": None}}
        },
    }


def container(**more: Any) -> Container:
    return read_container(described(**more))


def test_every_field_is_read() -> None:
    assert container() == Container(
        id="5f0c" * 16,
        service="monolith-worker",
        number=2,
        pid=4711,
        status="running",
        health="healthy",
        exit_status=0,
        restarts=0,
        image="sha256:77aa",
        addresses={"one-flow-monolith_default": "172.20.0.5"},
    )


def test_one_that_was_only_created_has_no_process_and_no_networks() -> None:
    raw = described(health=None, Status="created", Pid=0)
    raw["NetworkSettings"]["Networks"] = None
    found = read_container(raw)
    assert (found.pid, found.health, found.addresses) == (0, "", {})
    assert not found.is_ready


@pytest.mark.parametrize(
    ("health", "status", "ready"),
    [
        ("healthy", "running", True),
        (None, "running", True),  # has no health check
        ("starting", "running", False),
        ("unhealthy", "running", False),
        ("healthy", "paused", False),
        ("healthy", "restarting", False),
        ("healthy", "exited", False),
    ],
)
def test_ready_is_running_and_not_unhealthy(
    health: str | None, status: str, *, ready: bool
) -> None:
    assert container(health=health, Status=status).is_ready is ready


def test_a_release_that_ended_is_done_and_one_with_an_error_has_failed() -> None:
    done, failed = container(Status="exited"), container(Status="exited", ExitCode=3)
    assert done.is_done
    assert not failed.is_done
    assert failed.has_failed
    assert failed.state == "has ended with status 3"


def test_what_ends_again_and_again_has_failed_and_what_was_killed_often_has_not() -> None:
    assert container(Status="restarting", restarts=RESTARTS_MAX).has_failed
    assert container(Status="restarting", restarts=RESTARTS_MAX).state == "has ended 3 times"
    assert not container(Status="restarting", restarts=1).has_failed
    assert not container(restarts=RESTARTS_MAX + 1).has_failed


@pytest.mark.parametrize(
    ("health", "status", "state"),
    [
        ("unhealthy", "running", "is unhealthy"),
        (None, "created", "is created"),
        ("healthy", "paused", "is paused"),
    ],
)
def test_the_state_ends_a_sentence(health: str | None, status: str, state: str) -> None:
    assert container(health=health, Status=status).state == state
