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
    """A container's control group, and the CPU time used in that group so far."""

    container: Container
    group: Path
    cpu_ms: float


def count_cpu(containers: Iterable[Container]) -> list[Counted]:
    """Return the CPU times of the containers that run on this machine, read within milliseconds.

    EngineError if none does.
    """
    found = [(it, group) for it in containers if (group := cgroups.find(it.id)) is not None]
    if not found:
        message = "The containers' processes can't be read: run this on the machine that runs them."
        raise EngineError(message)
    counted = []
    for container, group in found:
        with suppress(OSError):  # the container ended meanwhile
            counted.append(Counted(container, group, cgroups.cpu_ms(group)))
    return counted


def with_memory(counted: Iterable[Counted]) -> list[ProcessSample]:
    """Return samples of containers, with the memory that they hold now."""
    samples = []
    for known in counted:
        pids = cgroups.pids(known.group)
        used = usage.usage_of_all(pids)
        samples.append(
            ProcessSample(
                process=known.container.process,
                unit=known.container.unit,
                role=known.container.role,
                pid=min(pids, default=0),
                cpu_ms=known.cpu_ms,
                rss_bytes=used.rss_bytes,
                pss_bytes=used.pss_bytes,
            )
        )
    return samples
