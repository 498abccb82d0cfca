"""Control groups of either version: found by a container's id, read, and narrowed to cores."""

from pathlib import Path

import pytest
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure import cgroups

ID = "3fa9c0ffee"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a hierarchy of version 1: one container of two processes, one of them further down."""
    pod = Path("kubepods/burstable/pod7f")
    counted = tmp_path / "cpuacct" / pod / ID
    write(counted / "cpuacct.usage", "1500000000\n")
    write(counted / "cgroup.procs", "41\n")
    write(counted / "init" / "cgroup.procs", "42\n")
    for folder in (pod.parents[1], pod.parent, pod, pod / ID):
        write(tmp_path / "cpuset" / folder / "cpuset.cpus", "0-3\n")
    return tmp_path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Return a hierarchy of version 2, whose folders are named by systemd."""
    top = tmp_path / "kubepods.slice"
    write(top / "cgroup.controllers", "cpuset cpu\n")
    write(top / "cpuset.cpus", "\n")
    write(top / f"pod7f.slice/docker-{ID}.scope" / "cpu.stat", "usage_usec 250000\nuser_usec 1\n")
    write(top / f"pod7f.slice/docker-{ID}.scope" / "cpuset.cpus", "\n")
    return tmp_path


def test_a_group_of_version_1_is_read(old: Path) -> None:
    group = cgroups.find(ID, old)
    assert group is not None
    assert cgroups.cpu_ms(group) == 1500.0
    assert sorted(cgroups.pids(group)) == [41, 42]


def test_a_group_of_version_2_is_read(new: Path) -> None:
    group = cgroups.find(ID, new)
    assert group is not None
    assert cgroups.cpu_ms(group) == 250.0


def test_a_container_of_another_machine_has_no_group(old: Path) -> None:
    assert cgroups.find("another", old) is None


def cores_of(root: Path) -> set[str]:
    return {path.read_text().strip() for path in root.rglob("cpuset.cpus")}


def test_every_group_of_version_1_is_narrowed_and_given_back(old: Path) -> None:
    cores = cgroups.Cores("kubepods", old)
    cores.narrow({1})
    assert cores_of(old) == {"1"}
    cores.give_back()
    assert cores_of(old) == {"0-3"}


def test_the_deepest_group_is_narrowed_first_and_given_back_last(old: Path) -> None:
    """The kernel refuses cores of a group that the one above it doesn't have."""
    cores = cgroups.Cores("kubepods", old)

    def depths() -> list[int]:
        files = sorted(old.rglob("cpuset.cpus"), key=lambda path: path.stat().st_mtime_ns)
        return [len(path.parts) for path in files]

    cores.narrow({1})
    assert depths() == sorted(depths(), reverse=True)
    cores.give_back()
    assert depths() == sorted(depths())


def test_groups_of_version_2_follow_the_uppermost(new: Path) -> None:
    cores = cgroups.Cores("kubepods", new)
    cores.narrow({0, 2})
    assert (new / "kubepods.slice" / "cpuset.cpus").read_text() == "0,2"
    assert cores_of(new) == {"0,2", ""}
    cores.give_back()
    assert cores_of(new) == {""}


def test_without_such_a_group_the_budget_is_refused(old: Path) -> None:
    with pytest.raises(EngineError, match="No control group 'kubelet' is on this machine"):
        cgroups.Cores("kubelet", old)
