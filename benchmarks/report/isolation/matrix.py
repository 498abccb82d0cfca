"""The matrix of faults and whose tests they turn red, both architectures beside each other."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

COLUMNS = {  # by architecture: whose tests
    "monolith": (
        *("accounts", "submissions", "recognition", "edge", "whole"),
        *("imaging", "contracts", "end-to-end"),
    ),
    "microservices": (
        *("accounts", "submissions", "recognition", "edge"),
        *("imaging", "contracts", "end-to-end"),
    ),
}
DOT, DASH = "\u00b7", "\u2013"


def matrix(faults: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The faults by part, each with a cell for every column."""
    return [
        {"part": part, "rows": [_row(fault) for fault in group]}
        for part, group in groupby(faults, key=lambda fault: str(fault["part"]))
    ]


def _row(fault: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": fault["name"],
        "says": fault["says"],
        "cells": [
            {**_cell(fault["sides"][architecture], owner), "first": place == 0}
            for architecture, owners in COLUMNS.items()
            for place, owner in enumerate(owners)
        ],
    }


def _cell(side: Mapping[str, Any], owner: str) -> dict[str, str]:
    """What is written, how it looks, and what it says to those who hear it."""
    found = side["cells"].get(owner)
    if found is None:
        return {"text": DOT, "look": "unreached", "says": "not asked"}
    own = " own" if owner in side["owners"] else ""
    if found["unable"]:
        text = f"{found['red'] or ''}{DASH}{found['unable']}"
        says = f"{found['red']} red, {found['unable']} unable to run, of {found['tests']}"
        return {"text": text, "look": f"unable{own}", "says": says}
    if found["red"]:
        return {
            "text": str(found["red"]),
            "look": f"red{own}",
            "says": f"{found['red']} red of {found['tests']}",
        }
    return {"text": "0", "look": f"green{own}", "says": f"all {found['tests']} green"}
