"""The elasticity sweep: latency around a step in the arrivals, and how soon it was back."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from benchmarks.report.figures.step_latency import Panel, around_a_step
from benchmarks.report.styles import looks


def section(sweep: Mapping[str, Any], _scaling: Mapping[str, Any]) -> dict[str, Any]:
    """One drawing with a panel per arm; the template has the table."""
    by_arm = looks(sweep["arms"])
    panels = [
        Panel(it["arm"], by_arm[it["arm"]], it["trials"])
        for it in sweep["recoveries"]
        if it["trials"]
    ]
    busiest = max(sweep["steps"], key=lambda step: step.get("rate", 0.0))
    drawings = {}
    if panels:
        drawings["steps"] = around_a_step(
            panels,
            busy_seconds=busiest["window_seconds"],
            name=f"{sweep['name']}-steps",
            title="The slowest flow of each second around the step",
        )
    return {
        "looks": by_arm,
        "busiest": busiest,
        "calm": min(sweep["steps"], key=lambda step: step.get("rate", 0.0)),
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
    }
