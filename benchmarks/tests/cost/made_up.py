"""One architecture with round numbers, and prices of which a test changes one."""

import dataclasses

from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.operations import ArchitectureCounts, Operations
from benchmarks.cost.prices import Price, Prices, read_prices
from benchmarks.cost.usage import Usage

MIB = 2**20


def operations(**changed: object) -> Operations:
    """Return the operations of one submission, or others."""
    given: dict[str, object] = {
        "s3": {"PUT object": 3.0, "GET object": 2.0, "DELETE object": 1.0},
        "dynamodb": {},
        "messages": 1.0,
        "request_bytes": 70_000.0,
        "response_bytes": 2_000.0,
        "cpu_ms": {},
        "object_bytes": 100_000.0,
        "database_bytes": 1_000.0,
    }
    return Operations(**{**given, **changed})  # type: ignore[arg-type]


def beside(**dynamodb: float) -> Operations:
    """Return the operations of a request that only reads or writes the accounts table."""
    return operations(
        s3={},
        dynamodb=dynamodb,
        messages=0.0,
        request_bytes=0.0,
        response_bytes=0.0,
        object_bytes=0.0,
        database_bytes=0.0,
    )


def counts() -> ArchitectureCounts:
    """Return the counted operations of the architecture."""
    return ArchitectureCounts(
        submission=operations(),
        sign_up=beside(TransactWriteItems=1.0),
        sign_in=beside(GetItem=1.0),
    )


def usage() -> Usage:
    """Return the architecture: a web process, a worker and a sweeper."""
    return Usage(
        cpu_ms={
            "app-web": 10.0,
            "app-worker": 50.0,
            "app-sweeper": 0.2,
            "postgres": 5.0,
            "valkey": 1.0,
        },
        memory_bytes={
            "app-web": 100.0 * MIB,
            "app-worker": 200.0 * MIB,
            "app-sweeper": 50.0 * MIB,
        },
        counts=counts(),
    )


def prices(**dollars: float) -> Prices:
    """Return AWS's prices with some of them changed."""
    found = read_prices()
    changed = {name: Price(value, "made up") for name, value in dollars.items()}
    return dataclasses.replace(found, units={**found.units, **changed})


def inputs(given: Prices | None = None, /, **assumed: float) -> Inputs:
    """Return the architecture with prices, by default AWS's, and some assumptions changed."""
    return Inputs(usage(), given or prices(), dataclasses.replace(Assumptions(), **assumed))
