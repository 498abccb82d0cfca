"""The page: verdicts, the matrix of changes and gates, what each gate said."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report.documents import experiment_of
from benchmarks.report.unloaded import ARCHITECTURES, draw, unfinished

KINDS = {"breaking": "breaks somebody", "compatible": "breaks nobody"}


def render(results: Mapping[str, Any], *, packed: bool = False) -> str:
    """Render a results document that has passed `schema.check`."""
    found = experiment_of(results)
    return draw(
        "contract.html.j2",
        results,
        packed=packed,
        contract=found,
        kinds=KINDS,
        gates=found["gates"],
        names=[it["name"] for it in found["changes"] if it["kind"] == "breaking"],
        rows={kind: _rows(found, kind) for kind in KINDS},
        warnings=unfinished(results, [it["name"] for it in found["changes"]]),
    )


def _rows(found: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        {
            **{field: it[field] for field in ("name", "says", "seen_by")},
            "unit": it["sides"]["microservices"]["unit"],
            "cells": [
                {**_cell(gate, kind), "first": place == 0}
                for architecture in ARCHITECTURES
                for place, gate in enumerate(it["sides"][architecture]["gates"])
            ],
        }
        for it in found["changes"]
        if it["kind"] == kind
    ]


def _cell(gate: Mapping[str, Any], kind: str) -> dict[str, str]:
    """What is written, how it looks, and what it says to those who hear it."""
    seconds = f"{gate['seconds']:.0f} s" if gate["seconds"] >= 1 else "< 1 s"
    if not gate["stops"]:
        return {"text": "0", "look": "green", "says": f"passes after {seconds}"}
    look = "red own" if kind == "breaking" else "unable"
    return {"text": seconds, "look": look, "says": f"stops it after {seconds}"}
