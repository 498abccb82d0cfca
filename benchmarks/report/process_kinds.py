"""Kinds of process, common to both architectures: "web", "worker", a backing service.

A kind is a process's name without its unit's and without its number. The report
doesn't depend on the names.
"""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from benchmarks.results_model.arms import ProcessCpu, ProcessMemory

P = TypeVar("P", ProcessCpu, ProcessMemory)
ROLES = ("unit", "edge", "backing")


def kind_of(process: ProcessCpu | ProcessMemory) -> str:
    """Return "web" for `submissions-web-1` of unit `submissions`, and "postgres" for `postgres`."""
    name = re.sub(r"-\d+$", "", process.process)
    return name.removeprefix(f"{process.unit}-") or name


def kinds_in(processes: Iterable[P], amount: Callable[[P], float]) -> list[tuple[str, str]]:
    """Return the (role, kind) of all processes by role, the largest of each role first."""
    totals: dict[tuple[str, str], float] = {}
    for process in processes:
        key = (process.role, kind_of(process))
        totals[key] = totals.get(key, 0.0) + amount(process)
    return sorted(totals, key=lambda key: (ROLES.index(key[0]), -totals[key], key[1]))


def by_kind(processes: Iterable[P], amount: Callable[[P], float]) -> dict[tuple[str, str], float]:
    """Return the summed amounts by (role, kind)."""
    totals: dict[tuple[str, str], float] = {}
    for process in processes:
        key = (process.role, kind_of(process))
        totals[key] = totals.get(key, 0.0) + amount(process)
    return totals
