"""Samples of a target's processes: CPU time since the deployment, and memory now."""

from collections.abc import Iterable
from dataclasses import dataclass

from backing import Process, Role
from backing.usage import process_table


@dataclass(frozen=True)
class ProcessSample:
    """CPU time (since the deployment) and memory of one process with its descendants."""

    process: str
    unit: str
    role: Role
    pid: int
    cpu_ms: float
    rss_bytes: int
    pss_bytes: int


def take_samples(processes: Iterable[Process]) -> list[ProcessSample]:
    """Return a sample of each process, from one pass over /proc."""
    table = process_table()
    samples = []
    for process in processes:
        used = process.usage(table)
        samples.append(
            ProcessSample(
                process=process.name,
                unit=process.spec.unit,
                role=process.spec.role,
                pid=process.pid,
                cpu_ms=used.cpu_ms,
                rss_bytes=used.rss_bytes,
                pss_bytes=used.pss_bytes,
            )
        )
    return samples


def ended_sample(process: Process, cpu_ms: float) -> ProcessSample:
    """Return the sample of an ended process: the CPU time that it had used, and no memory."""
    spec = process.spec
    return ProcessSample(process.name, spec.unit, spec.role, process.pid, cpu_ms, 0, 0)
