"""What the units' processes cost: Fargate tasks by process type, or EC2 instances for all."""

from collections.abc import Sequence

import numpy as np

from benchmarks.cost import sizing
from benchmarks.cost.hours import HOURS
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.sizing import Values
from benchmarks.cost.usage import SWEEPER, WORKER, kind


def tasks(inputs: Inputs, process_type: str, peak: Values) -> Values:
    """Return dollars for an hour of the cheapest tasks of one size, for a rate at the peak."""
    given, memory = inputs.assumptions, inputs.memory_bytes(process_type)
    options = []
    for task in sizing.tasks_with(memory, least_vcpus=given.least_task_vcpus):
        processes = 1
        if kind(process_type) == WORKER:  # WORKER_CONCURRENCY
            processes = int(task.memory_gb * sizing.GIB / memory)
        number = count(inputs, process_type, peak, vcpus=task.vcpus, processes=processes)
        options.append(number * task.hourly(inputs.prices, addresses=given.public_addresses))
    found: Values = np.minimum.reduce(options)
    return found


def instances(inputs: Inputs, process_types: Sequence[str], peak: Values) -> Values:
    """Return dollars for an hour of the cheapest EC2 instances that hold all processes."""
    given, prices = inputs.assumptions, inputs.prices
    vcpus, memory_gb = np.zeros_like(peak), np.zeros_like(peak)
    for name in process_types:
        vcpus = vcpus + inputs.vcpus(name, peak)
        held = count(inputs, name, peak, vcpus=1.0) * inputs.memory_bytes(name)
        memory_gb = memory_gb + held / sizing.GIB
    disk = given.instance_disk_gb * prices["ebs_gb_months"] / HOURS
    return inputs.sizes.instances(
        prices.instances,
        vcpus,
        memory_gb,
        beside=disk + given.public_addresses * prices["public_ipv4_hours"],
        reserve_gb=given.instance_reserve_gb,
        fewest=given.fewest_replicas,
    )


def count(
    inputs: Inputs, process_type: str, peak: Values, *, vcpus: float, processes: int = 1
) -> Values:
    """Return the replicas for a rate, each with so many processes on so many vCPUs."""
    if kind(process_type) == SWEEPER:
        return np.ones_like(peak)
    given = inputs.assumptions
    each = carried(inputs, process_type, vcpus=vcpus, processes=processes) * given.utilisation
    return inputs.sizes.count(peak / each, fewest=given.fewest_replicas)


def carried(inputs: Inputs, process_type: str, *, vcpus: float, processes: int) -> float:
    """Return submissions a second of processes that share so many vCPUs, used in full.

    One process computes on one vCPU at most. A worker recognizes one image after the other, so it
    also waits for the store; other processes go on with the next request meanwhile.
    """
    seconds = inputs.cpu_ms(process_type) / 1000
    wait = inputs.wait_ms / 1000 if kind(process_type) == WORKER else 0.0
    if not seconds + wait:
        return float("inf")
    by_processes = processes / (seconds / min(1.0, vcpus) + wait)
    return min(by_processes, vcpus / seconds) if seconds else by_processes
