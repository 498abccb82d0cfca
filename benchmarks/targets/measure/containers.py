"""Samples of containers: CPU time and memory, as of local processes."""

from collections.abc import Iterable
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


def take_samples(containers: Iterable[Container]) -> list[ProcessSample]:
    """Return a sample of each container that runs on this machine. EngineError if none does."""
    found = [(it, group) for it in containers if (group := cgroups.find(it.id)) is not None]
    if not found:
        message = "The containers' processes can't be read: run this on the machine that runs them."
        raise EngineError(message)
    return [made for it, group in found if (made := _sample(it, group)) is not None]


def _sample(container: Container, group: Path) -> ProcessSample | None:
    """Return what a container has used; None if it ended meanwhile."""
    try:
        cpu_ms, pids = cgroups.cpu_ms(group), cgroups.pids(group)
    except OSError:
        return None
    used = usage.usage_of_all(pids)
    return ProcessSample(
        process=container.process,
        unit=container.unit,
        role=container.role,
        pid=min(pids, default=0),
        cpu_ms=cpu_ms,
        rss_bytes=used.rss_bytes,
        pss_bytes=used.pss_bytes,
    )
