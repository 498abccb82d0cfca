"""What the model assumes: everything that is neither measured nor a price, each with its reason.

`kind` is where a value comes from. A *documented* one is AWS's own rule, a *derived* one follows
from the code, a *measured* one comes from a trial outside of the run; an *assumed* one is a choice,
and the page shows what another choice would change.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Where a value comes from."""

    ASSUMED = "assumed"
    DERIVED = "derived"
    DOCUMENTED = "documented"
    MEASURED = "measured"


def _value(default: float, kind: Kind, reason: str, unit: str = "") -> Any:
    return field(default=default, metadata={"kind": kind, "reason": reason, "unit": unit})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All of them, with their defaults."""

    peak_to_mean: float = _value(
        3.0,
        Kind.ASSUMED,
        "processes, database and cache are sized for the busiest hour, all month long; 1 is a load "
        "that never changes, or scaling that follows it without delay",
    )
    utilisation: float = _value(
        0.6,
        Kind.ASSUMED,
        "share of a process's capacity that is used at the peak; nearer to 1, queues grow",
    )
    fewest_replicas: float = _value(
        2,
        Kind.ASSUMED,
        "of each process type that requests or submissions wait for, so that one may fail or be "
        "replaced; also the instances of EC2, the database and its standby, the cache and its "
        "replica",
    )
    least_task_vcpus: float = _value(
        0.25,
        Kind.DOCUMENTED,
        "of Fargate's smallest task; the cheapest choice, with a longer latency than a whole vCPU",
        "vCPU",
    )
    memory_headroom: float = _value(
        1.5, Kind.ASSUMED, "memory of a task or function, by what the process was measured to hold"
    )
    whole: float = _value(
        1,
        Kind.DERIVED,
        "1: tasks, instances and classes are whole, as they are billed; 0: the steps between them "
        "are interpolated, as for the crossings, which a step would decide otherwise",
    )
    vcpu_speed: float = _value(
        1.0, Kind.ASSUMED, "an x86 vCPU of AWS, by the core that the run was measured on"
    )
    arm_speed: float = _value(1.0, Kind.ASSUMED, "an arm vCPU of Lambda, by an x86 one")
    store_wait_ms: float = _value(
        30.0,
        Kind.ASSUMED,
        "wait for one request to S3, of which a worker or function makes `store_calls` one after "
        "the other; on the machine of the run the store is beside it",
        "ms",
    )
    store_calls: float = _value(
        3, Kind.DERIVED, "read the upload, store the image, store the result (`storage.py`)"
    )
    function_overhead_ms: float = _value(
        4.0, Kind.MEASURED, "what awslambdaric adds to a warm call, under its emulator", "ms"
    )
    cold_start_ms: float = _value(
        1100.0, Kind.MEASURED, "start of the function with the model, under its emulator", "ms"
    )
    cold_start_share: float = _value(
        0.01,
        Kind.ASSUMED,
        "of the calls; nearly all of them where a submission comes once an hour, which costs "
        "nothing that shows",
    )
    function_vcpu_mb: float = _value(
        1769.0, Kind.DOCUMENTED, "memory with which a function has one vCPU", "MB"
    )
    function_least_mb: float = _value(
        128, Kind.DOCUMENTED, "the smallest function; less memory, less CPU, a longer call", "MB"
    )
    queue_messages: float = _value(
        1, Kind.DERIVED, "messages on SQS for a submission, where recognition is a function"
    )
    requests_per_message: float = _value(
        3, Kind.DOCUMENTED, "send, receive and delete, without batches"
    )
    polls_per_month: float = _value(
        657_000,
        Kind.DOCUMENTED,
        "Lambda's five pollers of an empty queue, a long poll of 20 s each",
    )
    sign_ins: float = _value(0.1, Kind.ASSUMED, "sign-ins for each submission")
    sign_ups: float = _value(0.01, Kind.ASSUMED, "new accounts for each submission")
    read_units: float = _value(
        1, Kind.DOCUMENTED, "of a GetItem that reads consistently, up to 4 KB"
    )
    write_units: float = _value(
        4, Kind.DOCUMENTED, "of a transaction that writes two items of up to 1 KB: twice two"
    )
    retention_days: float = _value(
        30.0, Kind.ASSUMED, "that an image, a result and a row are kept", "days"
    )
    connections: float = _value(
        1, Kind.ASSUMED, "new connections to the load balancer for each submission"
    )
    public_addresses: float = _value(
        1,
        Kind.ASSUMED,
        "of each task and instance, behind its security group, which is cheaper for few than a NAT "
        "gateway; S3 and DynamoDB are reached through gateway endpoints, which are free",
    )
    nat_gateways: float = _value(
        0, Kind.ASSUMED, "none with public addresses; the data through one is left out"
    )
    instance_reserve_gb: float = _value(
        0.4, Kind.ASSUMED, "memory of an EC2 instance for its system and the ECS agent", "GB"
    )
    instance_disk_gb: float = _value(20.0, Kind.ASSUMED, "disk of an EC2 instance", "GB")
    database_disk_gb: float = _value(
        20.0, Kind.DOCUMENTED, "the smallest disk of RDS for PostgreSQL (gp3)", "GB"
    )
    free_requests: float = _value(
        0, Kind.ASSUMED, "calls of functions a month that are free: AWS gives an account 1 000 000"
    )
    free_gb_seconds: float = _value(
        0, Kind.ASSUMED, "GB-seconds of functions a month that are free: AWS gives 400 000"
    )


@dataclass(frozen=True, slots=True)
class Described:
    """One assumption as the page lists it."""

    name: str
    value: float
    kind: str
    unit: str
    reason: str


def described(assumptions: Assumptions) -> list[Described]:
    """Return all assumptions with their kinds and reasons."""
    return [
        Described(
            name=it.name,
            value=float(getattr(assumptions, it.name)),
            kind=str(it.metadata["kind"]),
            unit=it.metadata["unit"],
            reason=it.metadata["reason"],
        )
        for it in dataclasses.fields(assumptions)
    ]


class AssumptionError(ValueError):
    """An assumption that doesn't exist, or a value that it can't have; the text is one sentence."""


_ABOVE_ZERO = frozenset(
    {
        *("utilisation", "fewest_replicas", "memory_headroom", "function_vcpu_mb"),
        *("vcpu_speed", "arm_speed"),
    }
)


def assume(changes: Sequence[str]) -> Assumptions:
    """Return the assumptions with some changed, each given as NAME=VALUE. Raises AssumptionError.

    `least_task_vcpus` is at most 1, because no process computes on more.
    """
    known = {it.name for it in dataclasses.fields(Assumptions)}
    values: dict[str, float] = {}
    for change in changes:
        name, sign, text = change.partition("=")
        if not sign or name not in known:
            names = ", ".join(sorted(known))
            raise AssumptionError(
                f"There is no assumption {name!r}: give NAME=VALUE with one of {names}."
            )
        values[name] = _value_of(name, text)
    return dataclasses.replace(Assumptions(), **values)


def _value_of(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    least = "above 0" if name in _ABOVE_ZERO else "of 0 or more"
    if not 0 <= value < math.inf or (name in _ABOVE_ZERO and value == 0):
        raise AssumptionError(f"{name} can't be {text!r}: it must be a number {least}.")
    if name == "least_task_vcpus" and value > 1:
        raise AssumptionError(f"{name} can't be {text!r}: it must be at most 1.")
    return value
