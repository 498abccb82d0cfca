"""The deploy experiment's sweeps: what each release took, what went along, and who noticed."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from benchmarks.report.figures.timeline import Line, timelines
from benchmarks.report.styles import looks

COUNTED = ("releases", "requests", "failed", "slowed")
FEATURES = ("sign-in", "submit", "read", "page")


def section(sweep: Mapping[str, Any], _experiment: Mapping[str, Any]) -> dict[str, Any]:
    """One drawing with a panel per arm and feature; the template has the tables."""
    by_arm = looks(sweep["arms"])
    lines = [
        Line(it["arm"], by_arm[it["arm"]], it["trials"][0])
        for it in sweep["releases"]
        if it["trials"] and it["trials"][0]["releases"]
    ]
    drawings = {}
    if lines:
        drawings["timelines"] = timelines(
            lines,
            name=f"{sweep['name']}-timelines",
            title="Requests second by second while releases go on",
        )
    return {
        "rows": [{"arm": it["arm"], **it["totals"]} for it in sweep["releases"] if it["totals"]],
        "features": FEATURES,
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
    }


def during(experiment: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By architecture: releases, and requests that were meant to begin during one, all of them."""
    found: dict[str, dict[str, Any]] = {}
    for sweep in experiment["sweeps"]:
        for it in sweep.get("releases", ()):
            if it["totals"] is None:
                continue
            summed = found.setdefault(it["architecture"], dict.fromkeys(COUNTED, 0))
            summed["releases"] += it["totals"]["releases"]
            for seen in it["totals"]["noticed"].values():
                summed["requests"] += seen["failed"]["total"]
                summed["failed"] += seen["failed"]["count"]
                summed["slowed"] += seen["slowed"]["count"]
    return found
