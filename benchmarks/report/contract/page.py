"""The page: verdicts, the matrix of changes and gates, the findings of each gate."""

from typing import Any

from benchmarks.report.unloaded_page import ARCHITECTURES, draw, unfinished
from benchmarks.results_model.contract import ContractResults, GateVerdict
from benchmarks.results_model.document import ResultsDocument

KINDS = {"breaking": "breaking changes", "compatible": "compatible changes"}


def render(document: ResultsDocument, found: ContractResults, *, packed: bool = False) -> str:
    """Return the page of the experiment; the document's raw files may be packed."""
    return draw(
        "contract.html.j2",
        document,
        packed=packed,
        contract=found,
        kinds=KINDS,
        gates=found.gates,
        names=[change.name for change in found.changes if change.kind == "breaking"],
        rows={kind: _rows(found, kind) for kind in KINDS},
        warnings=unfinished(document, [change.name for change in found.changes]),
    )


def _rows(found: ContractResults, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "name": change.name,
            "description": change.description,
            "seen_by": change.seen_by,
            "unit": change.sides["microservices"].unit,
            "cells": [
                {**_cell(gate, kind), "first": place == 0}
                for architecture in ARCHITECTURES
                for place, gate in enumerate(change.sides[architecture].gates)
            ],
        }
        for change in found.changes
        if change.kind == kind
    ]


def _cell(gate: GateVerdict, kind: str) -> dict[str, str]:
    """Return a cell's text, its style, and its text for screen readers."""
    seconds = f"{gate.seconds:.0f} s" if gate.seconds >= 1 else "< 1 s"
    if not gate.stops:
        return {"text": "0", "style": "green", "spoken": f"passes after {seconds}"}
    style = "red own" if kind == "breaking" else "unable"
    return {"text": seconds, "style": style, "spoken": f"stops it after {seconds}"}
