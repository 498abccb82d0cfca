"""The page on overhead: each side beside the least that its work takes, with the goals."""

from typing import Any

from benchmarks.report import overhead_texts
from benchmarks.report.findings.errors import FindingsError, require
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.overhead import Overhead

SIDES = ("monolith", "microservices")


def context(scaling: ScalingResults) -> dict[str, Any]:
    """Return what the template needs of the results. FindingsError where it isn't measured."""
    overhead = _measured(scaling)
    rows = overhead_texts.rows_of(overhead)
    outcomes = {
        side: [
            outcome
            for row in rows
            if (found := row.sides[side]) and (outcome := overhead_texts.outcome(found))
        ]
        for side in SIDES
    }
    reached = {side: outcomes[side].count("reached") for side in SIDES}
    goals = {side: len(outcomes[side]) for side in SIDES}
    missing = sorted(side for side in SIDES if reached[side] < goals[side])
    require("sides that miss goals", shown=missing, assumed=sorted(SIDES))
    return {
        "per": overhead.per,
        "rows": rows,
        "minimal": overhead.minimal,
        "outcome": overhead_texts.outcome,
        "found": {
            row.name.replace("-", "_"): {side: row.sides[side] for side in SIDES} for row in rows
        },
        "reached": reached,
        "goals": goals,
    }


def figure(scaling: ScalingResults) -> str:
    """Draw each side's ratios, with the goals. FindingsError where they aren't measured."""
    return overhead_texts.drawing(_measured(scaling), "findings-overhead")


def _measured(scaling: ScalingResults) -> Overhead:
    sweep = overhead_texts.sweep_of(scaling)
    if sweep is None:
        message = "The run has no sweep of overhead that counts."
        raise FindingsError(message)
    return sweep.overhead
