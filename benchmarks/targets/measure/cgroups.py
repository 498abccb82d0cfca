"""The control groups of containers: what they used, what runs in them, which cores they have.

An engine puts each container into a control group, whose folder has the container's id in its name.
The kernel counts a group's CPU time to the nanosecond, with everything that runs in it: processes
that have ended, and the commands of probes. Versions 1 and 2 of the kernel's interface are read
(kernel.org, `admin-guide/cgroup-v1/cpuacct.rst`, `admin-guide/cgroup-v2.rst`).
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.targets.errors import EngineError

ROOT = Path("/sys/fs/cgroup")
_DEPTH = 8  # of a container's group: kubepods, quality of service, pod, container, its init group


def find(container: str, root: Path = ROOT) -> Path | None:
    """Return the folder that counts the CPU time of a container; None if it has none here."""
    return _below(_hierarchy("cpuacct", root), container)


def cpu_ms(group: Path) -> float:
    """Return the CPU time of a group since it was made, user and system. Raises OSError."""
    old = group / "cpuacct.usage"
    if old.is_file():
        return int(old.read_text()) / 1e6  # nanoseconds
    lines = (group / "cpu.stat").read_text().splitlines()
    values = dict(line.split() for line in lines)
    return int(values["usage_usec"]) / 1e3


def pids(group: Path) -> list[int]:
    """Return the ids of the processes in a group and in the groups below it."""
    found = []
    for file in group.rglob("cgroup.procs"):
        try:
            found += [int(line) for line in file.read_text().split()]
        except OSError:
            continue  # the group ended meanwhile
    return found


class Cores:
    """The cores of a group with all groups below it, as they are narrowed and given back."""

    def __init__(self, name: str, root: Path = ROOT) -> None:
        """Find the group whose folder has this in its name. EngineError if there is none."""
        found = _below(_hierarchy("cpuset", root), name)
        if found is None:
            message = (
                f"No control group {name!r} is on this machine, so its containers can't share a"
                " budget of cores. Run this on the machine that runs the containers."
            )
            raise EngineError(message)
        self._group = found
        self._before = self._read(found)

    def narrow(self, cores: Iterable[int]) -> None:
        """Let everything in the group run on these cores alone. EngineError if that fails."""
        # A group's cores have to lie within those of the group above it, so the deepest come first.
        self._write(reversed(list(self._groups())), ",".join(map(str, sorted(cores))))

    def give_back(self) -> None:
        """Let the group have the cores that it had before. EngineError if that fails."""
        self._write(self._groups(), self._before)

    def _groups(self) -> Iterator[Path]:
        """Return the group and those below it, each before what is below it."""
        yield self._group
        if self._is_old:
            yield from (
                Path(folder) for folder, _, _ in os.walk(self._group) if folder != str(self._group)
            )

    @property
    def _is_old(self) -> bool:
        """Whether it is version 1, where each group has to be set. In 2, they follow the first."""
        return not (self._group / "cgroup.controllers").exists()

    @staticmethod
    def _read(group: Path) -> str:
        return (group / "cpuset.cpus").read_text().strip()

    @staticmethod
    def _write(groups: Iterable[Path], cores: str) -> None:
        for group in groups:
            try:
                (group / "cpuset.cpus").write_text(cores or "\n")
            except FileNotFoundError:
                continue  # the container ended meanwhile
            except OSError as error:
                message = (
                    f"The containers' cores can't be set at {group} ({error.strerror}): run this as"
                    " root, on the machine that runs them."
                )
                raise EngineError(message) from error


def _hierarchy(controller: str, root: Path) -> Path:
    """Return the folder of a controller of version 1, or of version 2."""
    for name in (controller, "cpu,cpuacct"):
        if controller in name and (root / name).is_dir():
            return root / name
    return root


def _below(top: Path, part: str) -> Path | None:
    """Return the uppermost folder with this in its name."""
    folders = [top]
    for _ in range(_DEPTH):
        below = [child for folder in folders for child in _children(folder)]
        for child in below:
            if part in child.name:
                return child
        folders = below
    return None


def _children(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir()]
    except OSError:
        return []  # it ended meanwhile
