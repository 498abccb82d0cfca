"""How soon a change is stopped on either side, and in which other ways that could be measured.

Both sides are measured by the same function, over the gates that were run on both: a gate that one
side was denied decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from benchmarks.experiments.catalogue.offers import PAGE
from benchmarks.experiments.contract.gates import PACTS, STRUCTURE, SUITE, TYPES
from benchmarks.experiments.runner.arms import ARCHITECTURES
from benchmarks.experiments.runner.summary.pairs import Pair
from benchmarks.results_model.contract import Change, GateVerdict

CHEAPEST_FIRST = (STRUCTURE, TYPES, PACTS, SUITE)
Seconds = Callable[[Sequence[GateVerdict]], float | None]


def quickest(gates: Sequence[GateVerdict]) -> float | None:
    """Return the seconds of the quickest gate that stops the change; None where none does."""
    return min((gate.seconds for gate in gates if gate.stops), default=None)


def in_turn(gates: Sequence[GateVerdict]) -> float | None:
    """Return the seconds until the change is stopped, with the gates one after another."""
    spent = 0.0
    for gate in sorted(gates, key=lambda gate: CHEAPEST_FIRST.index(gate.gate)):
        spent += gate.seconds
        if gate.stops:
            return spent
    return None


def pair(change: Change, seconds: Seconds = quickest, *, without: str = "") -> Pair:
    """Return the seconds of both sides, by the gates that both have."""
    sides = [change.sides[architecture].gates for architecture in ARCHITECTURES]
    both = set.intersection(*({gate.gate for gate in gates} for gates in sides)) - {without}
    first, second = (seconds([gate for gate in gates if gate.gate in both]) for gates in sides)
    return first, second


def _inner(change: Change) -> Pair:
    return (None, None) if change.seen_by == PAGE else pair(change)


ALTERNATIVES: Mapping[str, Callable[[Change], Pair]] = {
    "without the comparison of descriptions, on either side": partial(pair, without=STRUCTURE),
    "only changes between components, which the page doesn't see": _inner,
    f"one gate after another: {', '.join(CHEAPEST_FIRST)}": partial(pair, seconds=in_turn),
    "without the unit's own tests, which an author changes along": partial(pair, without=SUITE),
}
