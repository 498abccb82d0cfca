"""The names and sentences of a plan, the same in the terminal and on the page."""

from collections.abc import Mapping, Sequence

from benchmarks.planning.document import ArchitecturePlan, HandCheck, Limit, Validation
from benchmarks.planning.limits import (
    CACHE_LIMIT,
    CONNECTION_LIMIT,
    DATABASE_LIMIT,
    STORE_LIMIT,
)
from benchmarks.report.formats import NARROW_NO_BREAK, number, percent, significant

TWO_DIGITS = 10
SIDES: Mapping[str, str] = {"monolith": "monolith", "microservices": "services"}
LIMITS: Mapping[str, str] = {
    CACHE_LIMIT: "Valkey's one thread of commands",
    CONNECTION_LIMIT: "connections to PostgreSQL",
    DATABASE_LIMIT: "the processors of one PostgreSQL",
    STORE_LIMIT: "writes below one prefix of S3",
}
MOVED_BY: Mapping[str, str] = {
    CACHE_LIMIT: "partitioned queues: each part a Valkey of its own with its own workers",
    CONNECTION_LIMIT: "a pooler, which needs a connection only while PostgreSQL computes",
    DATABASE_LIMIT: "read replicas for the share of statements that read, then sharding by account",
    STORE_LIMIT: "more prefixes, as by a hash before the id: ids are in the order of time",
}


def process(name: str) -> str:
    """Return a process type's name in a table: "accounts web"."""
    return name.removeprefix("monolith-").replace("-", " ")


def million(per_day: float) -> str:
    """Return submissions a day in millions, with three digits that count."""
    return f"{float(f'{per_day / 1e6:.3g}'):g}{NARROW_NO_BREAK}million"


def amount(value: float) -> str:
    """Return an amount with three digits that count, thousands and millions shortened: "38.6k"."""
    rounded = float(f"{value:.3g}")
    for unit, size, least in (("M", 1e6, 1e6), ("k", 1e3, 1e4)):
        if rounded >= least:
            return f"{rounded / size:g}{unit}"
    return number(rounded, 0) if rounded >= TWO_DIGITS else significant(rounded, 2)


def signed(share: float, digits: int = 0) -> str:
    """Return a difference as a percentage with its sign; none before a 0."""
    text = percent(share, digits)
    is_above = share > 0 and any(digit in text for digit in "123456789")
    return f"+{text}" if is_above else text


def first_limit(found: ArchitecturePlan) -> str:
    """Return in a sentence's part which limit an architecture reaches first, and where."""
    limit: Limit = found.limits[0]
    return (
        f"{LIMITS[limit.name]}, at {number(limit.per_second, 0)} submissions a second: "
        f"{million(limit.per_day)} a day"
    )


def hand(check: HandCheck) -> str:
    """Return the arithmetic of the cores by hand, and the plan's cores beside them."""
    return (
        f"{number(check.needed_per_second, 1)}/s ÷ {number(check.capacity, 2)}/s = "
        f"{number(check.cores_by_hand, 1)} cores by hand; "
        f"{number(check.cores_planned, 1)} planned, {signed(check.difference, 1)}"
    )


def shares(validation: Validation) -> str:
    """Return how many points are within the tolerances."""
    points = validation.points
    known = [it for it in points if it.is_p95_within is not None]
    return (
        f"throughput within {percent(validation.throughput_tolerance)} at "
        f"{_of([it.is_throughput_within for it in points])} points, "
        f"95th percentile within {percent(validation.p95_tolerance)} at "
        f"{_of([bool(it.is_p95_within) for it in known])}"
    )


def _of(within: Sequence[bool]) -> str:
    return f"{sum(within)} of {len(within)}"
