"""The matrices of faults and the components whose tests fail, one for each architecture."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from benchmarks.results_model.isolation_faults import Fault, FaultSide, SuiteRun

# By architecture: the owners of the tests
_COMPONENTS = ("accounts", "submissions", "recognition", "edge")
_COMMON = ("imaging", "contracts", "end-to-end")
COLUMNS = {
    "monolith": (*_COMPONENTS, "whole", *_COMMON),
    "microservices": (*_COMPONENTS, *_COMMON),
}
DOT, DASH = "\u00b7", "\u2013"


def matrix(faults: Sequence[Fault], architecture: str) -> list[dict[str, Any]]:
    """Return the faults by component, each with a cell for every owner's tests on one side."""
    return [
        {"component": component, "rows": [_row(fault, architecture) for fault in group]}
        for component, group in groupby(faults, key=lambda fault: fault.component)
    ]


def matrices(faults: Sequence[Fault]) -> dict[str, list[dict[str, Any]]]:
    """Return the matrix of each architecture; empty without faults."""
    return {architecture: matrix(faults, architecture) for architecture in COLUMNS if faults}


def first_failure(run: SuiteRun) -> str:
    """Return a suite's first failed test; of one without any, why it reports none."""
    if run.first_red or run.problem:
        return run.first_red or run.problem
    if run.unable and run.tests in {0, run.unable}:
        return "the whole suite couldn't start; no test failed"
    if run.unable:
        return "some tests couldn't start; none failed"
    return DASH


def _row(fault: Fault, architecture: str) -> dict[str, Any]:
    side = fault.sides[architecture]
    return {
        "name": fault.name,
        "description": fault.description,
        "cells": [_cell(side, owner) for owner in COLUMNS[architecture]],
    }


def _cell(side: FaultSide, owner: str) -> dict[str, str]:
    """Return a cell's text, its style, and its text for screen readers."""
    found = side.cells.get(owner)
    if found is None:
        return {"text": DOT, "style": "unreached", "spoken": "not run"}
    own = " own" if owner in side.owners else ""
    if found.unable:
        failed = f"{found.red} failed, " if found.red else ""
        text = f"{failed}{found.unable} can't run"
        spoken = f"{found.red} failed, {found.unable} can't run, of {found.tests}"
        return {"text": text, "style": f"unable{own}", "spoken": spoken}
    if found.red:
        return {
            "text": str(found.red),
            "style": f"red{own}",
            "spoken": f"{found.red} failed of {found.tests}",
        }
    return {"text": "0", "style": f"green{own}", "spoken": f"all {found.tests} passed"}
