"""How many tasks, instances and nodes a load needs, and what they cost for an hour."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.cost.prices import Machine, Prices

Values = NDArray[np.float64]

# Fargate's tasks up to one vCPU: vCPUs, and the GB that they may have.
TASKS = (
    (0.25, (0.5, 1.0, 2.0)),
    (0.5, (1.0, 2.0, 3.0, 4.0)),
    (1.0, (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)),
)
GIB = 2**30
LAMBDA_STEP_MB = 128
ROUNDING = 1e-9


class SizeError(ValueError):
    """Nothing that AWS offers is large enough; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Task:
    """The size of a Fargate task."""

    vcpus: float
    memory_gb: float

    def hourly(self, prices: Prices, *, addresses: float) -> float:
        """Return dollars for an hour of one task with so many public addresses."""
        return (
            self.vcpus * prices["fargate_vcpu_hours"]
            + self.memory_gb * prices["fargate_gb_hours"]
            + addresses * prices["public_ipv4_hours"]
        )


def tasks_with(memory_bytes: float, *, least_vcpus: float) -> list[Task]:
    """Return the tasks that have this memory and so many vCPUs. SizeError where none has it."""
    found = [
        Task(vcpus, memory_gb)
        for vcpus, sizes in TASKS
        for memory_gb in sizes
        if vcpus >= least_vcpus and memory_gb * GIB >= memory_bytes
    ]
    if not found:
        raise SizeError(f"No Fargate task of one vCPU has {memory_bytes / GIB:.1f} GB of memory.")
    return found


def function_memory_mb(memory_bytes: float) -> float:
    """Return the memory of a function that holds so much, in steps of 128 MB."""
    return float(np.ceil(memory_bytes / 2**20 / LAMBDA_STEP_MB) * LAMBDA_STEP_MB)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How numbers and classes are chosen: `whole`, as billed, or interpolated between the steps."""

    whole: bool = True

    def count(self, needed: Values, *, fewest: float) -> Values:
        """Return how many of something are used where so many are needed."""
        wanted = np.ceil(needed - ROUNDING) if self.whole else needed
        found: Values = np.maximum(fewest, wanted)
        return found

    def single(self, machines: Sequence[Machine], vcpus: Values) -> Values:
        """Return dollars for an hour of the cheapest single machine with so many vCPUs.

        Where none has as many, so many of the largest.
        """
        largest = max(machines, key=lambda machine: machine.vcpus)
        beyond = largest.dollars * self.count(vcpus / largest.vcpus, fewest=1)
        cheapest = {
            it.vcpus: min(other.dollars for other in machines if other.vcpus >= it.vcpus)
            for it in machines
        }
        steps = np.array(sorted(cheapest))
        dollars = np.array([cheapest[step] for step in steps])
        if self.whole:
            place = np.searchsorted(steps, vcpus - ROUNDING)
            within = dollars[np.minimum(place, len(steps) - 1)]
        else:
            within = np.interp(vcpus, steps, dollars)
        found: Values = np.where(vcpus > largest.vcpus, beyond, within)
        return found

    def several(self, machines: Sequence[Machine], vcpus: Values) -> Values:
        """Return dollars for an hour of the cheapest number of machines of one class."""
        options = [it.dollars * self.count(vcpus / it.vcpus, fewest=1) for it in machines]
        found: Values = np.minimum.reduce(options)
        return found

    def instances(
        self,
        machines: Sequence[Machine],
        vcpus: Values,
        memory_gb: Values,
        *,
        beside: float,
        reserve_gb: float,
        fewest: float,
    ) -> Values:
        """Return dollars for an hour of the cheapest EC2 instances of one class for processes.

        `beside` is what each costs beside its own price (disk, address); `reserve_gb` is the memory
        that the processes can't have. SizeError where no class has more than that.
        """
        options = []
        for machine in machines:
            usable_gb = machine.memory_gb - reserve_gb
            if usable_gb <= 0:
                continue
            needed = np.maximum(vcpus / machine.vcpus, memory_gb / usable_gb)
            options.append(self.count(needed, fewest=fewest) * (machine.dollars + beside))
        if not options:
            raise SizeError(f"No instance has more memory than the {reserve_gb:g} GB reserved.")
        found: Values = np.minimum.reduce(options)
        return found
