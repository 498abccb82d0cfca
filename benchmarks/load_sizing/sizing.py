"""How much load one core of the generator carries, from measured points. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

SIZING_VERSION = 1
USERS, ARRIVALS = "users", "arrivals"
UNITS = {USERS: "users of `locustfile.py`", ARRIVALS: "arrivals a second of `latency.py`"}
# Of one core, in a plan. Above 80 % the latencies include the generator's, and a load isn't even.
PLANNED_SHARE = 0.6
MOST_LAG_MS = 300.0
LEAST_STARTED = 0.98
HEADING = "| load of one process | CPU of its core | requests/s | event loop late by | started |"


@dataclass(frozen=True, slots=True)
class Point:
    """One load of one generator process: `amount` users, or arrivals a second."""

    kind: str
    amount: float
    cpu_share: float  # of one core
    requests_per_second: float
    lag_max_ms: float  # of the event loop
    started_share: float  # of the arrivals; 1 for users

    @property
    def is_disturbed(self) -> bool:
        """Whether other work had the core: the event loop stood still, or arrivals didn't start."""
        return self.lag_max_ms > MOST_LAG_MS or self.started_share < LEAST_STARTED


@dataclass(frozen=True, slots=True)
class Sizing:
    """The points of a measurement on one machine."""

    points: tuple[Point, ...]
    cpu_model: str

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the measurement of a document that the command has written."""
        points = tuple(Point(**it) for it in document["points"])
        return cls(points, document["environment"]["cpu"]["model"])

    def of(self, kind: str) -> list[Point]:
        """Return the points of one kind."""
        return [it for it in self.points if it.kind == kind]

    def per_core(self, kind: str) -> int:
        """Return the load of one core at `PLANNED_SHARE`, in proportion to the largest measured.

        That is careful: a larger load costs less CPU time for each request. ValueError if there is
        no point, or none that used CPU time.
        """
        largest = max(self.of(kind), key=lambda point: point.amount, default=None)
        if largest is None or largest.cpu_share <= 0:
            raise ValueError(f"no load of {kind} was measured")
        return math.floor(largest.amount * PLANNED_SHARE / largest.cpu_share)

    def markdown(self) -> str:
        """Return the tables of the documentation."""
        rows = [
            f"| {it.amount:g} {UNITS[it.kind]} | {it.cpu_share:.0%} |"
            f" {it.requests_per_second:.0f} | {it.lag_max_ms:.0f} ms |"
            f" {f'{it.started_share:.1%}' if it.kind == ARRIVALS else ''} |"
            for it in self.points
        ]
        planned = [
            f"| {UNITS[kind]} | {self.per_core(kind)} | {self.per_core(kind) * 4} |"
            for kind in (USERS, ARRIVALS)
        ]
        return "\n".join(
            [
                HEADING,
                "| --- | --- | --- | --- | --- |",
                *rows,
                "",
                f"| load | one worker at {PLANNED_SHARE:.0%} of a core | four workers |",
                "| --- | --- | --- |",
                *planned,
            ]
        )
