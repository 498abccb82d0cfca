"""The matrix of faults and the components whose tests fail, for both architectures."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from benchmarks.results_model.isolation_faults import Fault, FaultSide

# By architecture: the owners of the tests
_COMPONENTS = ("accounts", "submissions", "recognition", "edge")
_COMMON = ("imaging", "contracts", "end-to-end")
COLUMNS = {
    "monolith": (*_COMPONENTS, "whole", *_COMMON),
    "microservices": (*_COMPONENTS, *_COMMON),
}
DOT, DASH = "\u00b7", "\u2013"


def matrix(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """Return the faults by component, each with a cell for every column."""
    return [
        {"component": component, "rows": [_row(fault) for fault in group]}
        for component, group in groupby(faults, key=lambda fault: fault.component)
    ]


def _row(fault: Fault) -> dict[str, Any]:
    return {
        "name": fault.name,
        "description": fault.description,
        "cells": [
            {**_cell(fault.sides[architecture], owner), "first": place == 0}
            for architecture, owners in COLUMNS.items()
            for place, owner in enumerate(owners)
        ],
    }


def _cell(side: FaultSide, owner: str) -> dict[str, str]:
    """Return a cell's text, its style, and its text for screen readers."""
    found = side.cells.get(owner)
    if found is None:
        return {"text": DOT, "style": "unreached", "spoken": "not run"}
    own = " own" if owner in side.owners else ""
    if found.unable:
        text = f"{found.red or ''}{DASH}{found.unable}"
        spoken = f"{found.red} red, {found.unable} unable to run, of {found.tests}"
        return {"text": text, "style": f"unable{own}", "spoken": spoken}
    if found.red:
        return {
            "text": str(found.red),
            "style": f"red{own}",
            "spoken": f"{found.red} red of {found.tests}",
        }
    return {"text": "0", "style": f"green{own}", "spoken": f"all {found.tests} green"}
