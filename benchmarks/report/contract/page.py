"""The page: verdicts, the matrix of changes and gates, what each gate said."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report import page
from benchmarks.report.documents import experiment_of
from benchmarks.report.templating import environment

HUES = ("monolith", "microservices")
KINDS = {"breaking": "breaks somebody", "compatible": "breaks nobody"}


def render(results: Mapping[str, Any]) -> str:
    """Render a results document that has passed `schema.check`."""
    found = experiment_of(results)
    return (
        environment()
        .get_template("contract.html.j2")
        .render(
            results=results,
            run=results["run"],
            environment=results["environment"],
            contract=found,
            is_external=False,
            architectures=HUES,
            gates=found["gates"],
            kinds=KINDS,
            verdict_classes=page.VERDICT_CLASSES,
            strips={claim["name"]: page.draw_strip(claim) for claim in found["claims"]},
            names=[it["name"] for it in found["changes"] if it["kind"] == "breaking"],
            rows={kind: _rows(found, kind) for kind in KINDS},
            warnings=_warnings(results, found),
        )
    )


def _warnings(results: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    run = results["run"]
    said = []
    if run["status"] != "complete":
        said.append(
            f"The run is not complete: {run['status'].rstrip('.')}. What was asked until then is "
            "shown."
        )
    missing = set(run["order"]) - {it["name"] for it in found["changes"]}
    if missing and run["status"] == "complete":
        said.append(f"Not asked about on both sides: {', '.join(sorted(missing))}.")
    return said


def _rows(found: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        {
            **{field: it[field] for field in ("name", "says", "seen_by")},
            "unit": it["sides"]["microservices"]["unit"],
            "cells": [
                {**_cell(gate, kind), "first": place == 0}
                for architecture in HUES
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
