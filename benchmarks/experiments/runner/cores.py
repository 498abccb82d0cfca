"""Which cores the target runs on, and which one the generator."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.experiments.runner.errors import MachineError, UsageError

TARGET_CORES = 1
ALL = "all"


@dataclass(frozen=True, slots=True)
class Cores:
    """The split. The harness itself runs on the generator's core."""

    target: frozenset[int]
    generator: int

    @property
    def shared(self) -> bool:
        """Whether the generator takes CPU from what it measures."""
        return self.generator in self.target


def split_cores(
    available: frozenset[int] | None = None, *, share: bool = False, target: str = ""
) -> Cores:
    """Give the whole target one core and the generator another, on every machine.

    One core saturates within seconds, and runs on different machines stay comparable. `target` is
    another number of cores, or "all" for all but the generator's; with `share` the target may have
    that one too. Raises UsageError for another text, and MachineError for more cores than there are
    and where there is only one, unless the two may share it.
    """
    cores = sorted(os.sched_getaffinity(0) if available is None else available)
    if len(cores) <= TARGET_CORES and not share:
        raise MachineError(
            "A comparison needs two cores, one for the target and one for the load generator; "
            f"this machine offers {len(cores)}. SHARE_CORE=1 goes on all the same, "
            "with a warning in the report."
        )
    most = len(cores) if share else len(cores) - 1
    wanted = most if target == ALL else _number(target)
    if wanted > most:
        beside = "" if share else " beside the generator's (SHARE_CORE=1 adds that one)"
        raise MachineError(
            f"TARGET_CORES={target} is more than this machine offers, which is {most}{beside}."
        )
    return Cores(frozenset(cores[:wanted]), cores[-1])


def _number(target: str) -> int:
    """Return the number of cores that a text stands for; UsageError for none."""
    text = target.strip() or str(TARGET_CORES)
    if not text.isascii() or not text.isdecimal() or int(text) == 0:
        raise UsageError(
            f"TARGET_CORES={target} must be a number of cores from 1 on, or {ALL} for all but the "
            "generator's."
        )
    return int(text)


def pin(cores: Iterable[int]) -> None:
    """Pin this process with all its threads; those that it starts later inherit it."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.sched_setaffinity(int(thread.name), cores)


@dataclass(frozen=True, slots=True)
class CoreTimes:
    """Seconds that cores spent since boot: busy with anything, and stolen by the hypervisor."""

    busy: float
    stolen: float


def read_core_times(cores: frozenset[int], stat: Path = Path("/proc/stat")) -> CoreTimes:
    """Add up the times of some cores."""
    ticks_per_second = os.sysconf("SC_CLK_TCK")
    names = {f"cpu{core}" for core in cores}
    busy = stolen = 0.0
    for line in stat.read_text().splitlines():
        name, *rest = line.split()
        if name in names:
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, rest[:8])
            busy += (user + nice + system + irq + softirq) / ticks_per_second
            stolen += steal / ticks_per_second
    return CoreTimes(busy, stolen)
