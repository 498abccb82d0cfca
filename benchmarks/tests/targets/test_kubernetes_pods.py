"""Pods become containers with the names that processes have on other platforms."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import KubernetesTarget, kubectl
from benchmarks.targets.kubernetes.pods import containers_of
from benchmarks.targets.measure import cgroups

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


class FakeKubectl:
    """A worker, which isn't ready, and a store."""

    def items(self, *_names: str) -> list[dict[str, Any]]:
        return [pod("monolith", "worker", "a1"), pod("valkey", "", "b2")]


@pytest.fixture
def target() -> KubernetesTarget:
    return KubernetesTarget(MONOLITH, cast("kubectl.Kubectl", FakeKubectl()), [])


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A process in the control group of the store's container, as the kernel shows it."""
    code = "import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code]) as running:
        group = tmp_path / "cpuacct" / "kubepods" / "b2"
        group.mkdir(parents=True)
        (group / "cgroup.procs").write_text(f"{running.pid}\n")
        monkeypatch.setattr(cgroups.find, "__defaults__", (tmp_path,))
        yield running.pid
        running.kill()


def is_stopped(pid: int, *, wanted: bool) -> bool:
    """Return whether a process is stopped, as soon as that is as wanted, or after 10 s."""
    deadline = time.monotonic() + 10
    while True:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        if (state == "T") is wanted or time.monotonic() > deadline:
            return state == "T"
        time.sleep(0.01)


def test_a_store_is_stalled_and_goes_on(target: KubernetesTarget, process: int) -> None:
    target.stall("valkey")
    assert is_stopped(process, wanted=True)
    target.resume("valkey")
    assert not is_stopped(process, wanted=False)


def test_what_ended_meanwhile_is_no_error(
    target: KubernetesTarget, process: int, tmp_path: Path
) -> None:
    (tmp_path / "cpuacct" / "kubepods" / "b2" / "cgroup.procs").write_text("999999999\n")
    target.resume("valkey")
    assert not is_stopped(process, wanted=False)


@pytest.mark.parametrize("name", ["monolith-worker", "monolith-web", "valk"])
def test_what_runs_elsewhere_is_not_stalled(
    target: KubernetesTarget, process: int, name: str
) -> None:
    with pytest.raises(EngineError, match="No such container runs on this machine"):
        target.stall(name)
    assert not is_stopped(process, wanted=False)
