"""The page on the contract: which gate stops a breaking change before it is released."""

from collections.abc import Sequence
from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.dot_plot import Mark, Series, dot_plot
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import require
from benchmarks.results_model.contract import ContractResults, GateVerdict

ARCHITECTURES = ("monolith", "microservices")
GATES = {
    "types": "type checker",
    "suite": "the unit's own tests",
    "structure": "API and message descriptions",
    "pacts": "pacts of the consumers",
}


def context(contract: ContractResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    counts = contract.counts
    breaking = {side: counts[side].breaking for side in ARCHITECTURES}
    compatible = {side: counts[side].compatible for side in ARCHITECTURES}
    for side in ARCHITECTURES:
        offered = breaking[side].offered
        require(f"breaking, stopped, {side}", shown=breaking[side].stopped, assumed=offered)
        require(f"compatible, stopped, {side}", shown=compatible[side].stopped, assumed=0)
    require(
        "changes offered",
        shown=[kinds["monolith"].offered for kinds in (breaking, compatible)],
        assumed=[kinds["microservices"].offered for kinds in (breaking, compatible)],
    )
    return {
        "claims": by_name(contract.claims),
        "breaking": breaking,
        "compatible": compatible,
        "gates": [
            (title, *(_stopped(contract, side, gate) for side in ARCHITECTURES))
            for gate, title in GATES.items()
        ],
        "changes": [
            (
                change.name,
                *(_stopping(change.sides[side].gates) for side in ARCHITECTURES),
            )
            for change in contract.changes
            if change.kind == "breaking"
        ],
    }


def _stopped(contract: ContractResults, side: str, gate: str) -> int | None:
    """How many breaking changes the gate stops by itself; None where a side has no such gate."""
    if gate not in contract.gates[side]:
        return None
    return contract.counts[side].breaking.by_gate[gate]


def _stopping(gates: Sequence[GateVerdict]) -> list[str]:
    return [gate.gate for gate in gates if gate.stops]


def figure(contract: ContractResults) -> str:
    """Draw how many of the breaking changes each gate stops by itself, on both sides."""
    counts = {side: [_stopped(contract, side, gate) for gate in GATES] for side in ARCHITECTURES}
    offered = contract.counts["monolith"].breaking.offered
    return dot_plot(
        list(GATES.values()),
        [
            Series(
                side,
                svg.hue_colour(hue, 1),
                marker,
                [None if count is None else Mark(count) for count in counts[side]],
            )
            for side, hue, marker in zip(ARCHITECTURES, ("first", "second"), "os", strict=True)
        ],
        name="findings-contract",
        title="Breaking changes that each gate stops by itself",
        x=f"breaking changes stopped, of {offered}",
    )
