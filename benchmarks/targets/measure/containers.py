"""Samples of containers: CPU time and memory, as of local processes."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from backing import Role, usage
from benchmarks.targets.errors import EngineError
from benchmarks.targets.measure import cgroups
from benchmarks.targets.measure.process_samples import ProcessSample


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a target: the process that runs in it, its unit and role, the engine's id."""

    process: str
    unit: str
    role: Role
    id: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A container's control group, and the CPU time that it had used."""

    container: Container
    group: Path
    cpu_ms: float


def count_cpu(containers: Iterable[Container]) -> list[Counted]:
    """Read the CPU time of each container that runs on this machine, within milliseconds.

    EngineError if none does.
    """
    found = [(it, group) for it in containers if (group := cgroups.find(it.id)) is not None]
    if not found:
        message = "The containers' processes can't be read: run this on the machine that runs them."
        raise EngineError(message)
    counted = []
    for it, group in found:
        with suppress(OSError):  # it ended meanwhile
            counted.append(Counted(it, group, cgroups.cpu_ms(group)))
    return counted


def with_memory(counted: Iterable[Counted]) -> list[ProcessSample]:
    """Return samples of containers, with the memory that they hold now."""
    samples = []
    for it in counted:
        pids = cgroups.pids(it.group)
        used = usage.usage_of_all(pids)
        samples.append(
            ProcessSample(
                process=it.container.process,
                unit=it.container.unit,
                role=it.container.role,
                pid=min(pids, default=0),
                cpu_ms=it.cpu_ms,
                rss_bytes=used.rss_bytes,
                pss_bytes=used.pss_bytes,
            )
        )
    return samples
