"""How much load one core of the generator carries, from measured points. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Self

SIZING_VERSION = 1
USERS, ARRIVALS = "users", "arrivals"
UNITS = {USERS: "users of `locustfile.py`", ARRIVALS: "arrivals a second of `latency.py`"}
# Of one core, in a plan. Above 80 % the latencies include the generator's, and a load isn't even.
PLANNED_SHARE = 0.6
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
        """Return the load of one core at `PLANNED_SHARE`, by a line through the points.

        ValueError if more load doesn't need more CPU: then the points are noise.
        """
        points = self.of(kind)
        slope, base = line([it.amount for it in points], [it.cpu_share for it in points])
        if slope <= 0:
            raise ValueError(f"more {kind} needed no more CPU time: measure on a quieter machine")
        return math.floor((PLANNED_SHARE - base) / slope)

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


def line(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Return slope and intercept of the least-squares line through points; ValueError for one."""
    if len(set(x)) <= 1:
        raise ValueError("a line needs two different amounts")
    mean_x, mean_y = fmean(x), fmean(y)
    spread = sum((it - mean_x) ** 2 for it in x)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    return slope, mean_y - slope * mean_x
