"""The page on growth: what a request costs by the number of stored submissions."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report.findings.disturbance import is_disturbed
from benchmarks.report.formats import interval, number
from benchmarks.results_model.growth import GrowthDocument, GrowthKind, SizeCost

NAME = "growth"
IDLE = "idle"
LIMIT = 1.2  # of the cost with the most rows to that with the fewest
SIDES: Mapping[str, str] = {"monolith": "monolith", "microservices": "services"}


def context(document: GrowthDocument) -> dict[str, Any]:
    """Return what the template needs."""
    kinds = [kind for kind in document.kinds if kind.name != IDLE]
    (idle,) = (kind for kind in document.kinds if kind.name == IDLE)
    return {
        "document": document,
        "is_disturbed": is_disturbed(document.environment),
        "least": number(document.sizes[0], 0),
        "most": number(document.sizes[-1], 0),
        "limit": LIMIT,
        "over": [
            f"{kind.title} of the {SIDES[name]}, {ratio(costs[-1])} times"
            for kind in kinds
            for name, costs in kind.sides.items()
            if is_over(costs[-1])
        ],
        "sides": [
            (SIDES[name], [(kind.title, *_cells(kind, name)) for kind in (*kinds, idle)])
            for name in SIDES
        ],
        "headings": [number(rows, 0) for rows in document.sizes],
        "first": [
            (SIDES[name], [number(it, 2) for it in document.first_count_seconds[name]])
            for name in SIDES
        ],
    }


def is_over(cost: SizeCost) -> bool:
    """Return whether the mean ratio is above the limit."""
    return cost.ratio.ratio is not None and cost.ratio.ratio > LIMIT


def ratio(cost: SizeCost) -> str:
    """Return the ratio to the fewest rows, with its interval."""
    return f"{number(cost.ratio.ratio, 2)} ({interval(cost.ratio, 2)})"


def _cells(kind: GrowthKind, name: str) -> tuple[str, str]:
    """Return the CPU-ms with each number of rows, and the ratio of the last to the first."""
    costs = kind.sides[name]
    return ", ".join(number(cost.cpu_ms, 2) for cost in costs), ratio(costs[-1])
