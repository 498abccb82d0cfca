"""CPU time and memory from readings of a target's processes.

CPU time is in milliseconds since the deployment, children and predecessors of the same name
included; memory is the proportional set in bytes: a page that several processes share is divided
among them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """The process that used something. `role` is unit, edge or backing."""

    role: str
    unit: str
    process: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One process at one time; `at` on the monotonic clock, in seconds."""

    at: float
    part: Part
    pid: int
    cpu_ms: float
    memory_bytes: int


def cpu_between(before: Iterable[Reading], after: Iterable[Reading]) -> dict[Part, float]:
    """Return the CPU-ms used by process. One that began in between counts from 0.

    A restarted process has another pid, and its reading includes what its predecessors used since
    the deployment: so the readings of a name are compared, not those of a pid. Where a name's sum
    has fallen, the readings started from 0 again, and all of the later sum counts.
    """
    earlier, later = _cpu_ms(before), _cpu_ms(after)
    return {
        part: spent if (spent := total - earlier.get(part, 0.0)) >= 0 else total
        for part, total in later.items()
    }


def _cpu_ms(readings: Iterable[Reading]) -> dict[Part, float]:
    total: dict[Part, float] = {}
    for reading in readings:
        total[reading.part] = total.get(reading.part, 0.0) + reading.cpu_ms
    return total


def memory(readings: Iterable[Reading]) -> dict[Part, int]:
    """Return the bytes held by process."""
    held: dict[Part, int] = {}
    for reading in readings:
        held[reading.part] = held.get(reading.part, 0) + reading.memory_bytes
    return held


def add(uses: Sequence[Mapping[Part, float]]) -> dict[Part, float]:
    """Return the sums, by process, over several windows."""
    total: dict[Part, float] = {}
    for use in uses:
        for part, amount in use.items():
            total[part] = total.get(part, 0.0) + amount
    return total
