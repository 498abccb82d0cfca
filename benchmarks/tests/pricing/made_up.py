"""A priced run of made-up blocks, quick to compute."""

from collections.abc import Sequence

from benchmarks.cost.operations import COUNTS, read_counts
from benchmarks.cost.prices import Prices, read_prices
from benchmarks.pricing.blocks import Block, Side
from benchmarks.pricing.priced import Priced

MIB = 2.0**20


def monolith(worker_ms: float) -> Side:
    """Return the monolith in one block."""
    return Side(
        cpu_ms={
            "monolith-web": 18.0,
            "monolith-worker": worker_ms,
            "monolith-sweeper": 0.2,
            "postgres": 5.0,
            "valkey": 1.0,
        },
        memory_bytes={
            "monolith-web": 180 * MIB,
            "monolith-worker": 300 * MIB,
            "monolith-sweeper": 80 * MIB,
        },
        capacity=10.5,
    )


def services(worker_ms: float) -> Side:
    """Return the services in one block."""
    return Side(
        cpu_ms={
            "accounts-web": 0.0,
            "submissions-web": 17.0,
            "submissions-consumer": 8.0,
            "submissions-sweeper": 0.2,
            "recognition-worker": worker_ms,
            "postgres": 4.0,
            "valkey": 2.0,
        },
        memory_bytes={
            "accounts-web": 130 * MIB,
            "submissions-web": 130 * MIB,
            "submissions-consumer": 100 * MIB,
            "submissions-sweeper": 80 * MIB,
            "recognition-worker": 260 * MIB,
        },
        capacity=10.0,
    )


def block(number: int, worker_ms: float, *, disturbed: bool = False) -> Block:
    """Return a block in which recognition takes so much CPU time on both sides."""
    sides = {"monolith": monolith(worker_ms), "microservices": services(worker_ms)}
    return Block(number, sides, disturbed)


def priced(
    worker_ms: Sequence[float] = (58.0, 62.0),
    *,
    disturbed: Sequence[int] = (),
    prices: Prices | None = None,
) -> Priced:
    """Return a priced run with one block for each value."""
    return Priced(
        run="made-up",
        environment={"cpu": {"model": "made up"}, "source": {"commit": "0" * 40}},
        blocks=[
            block(number, value, disturbed=number in disturbed)
            for number, value in enumerate(worker_ms, 1)
        ],
        counts=read_counts(COUNTS),
        prices=prices or read_prices(),
    )
