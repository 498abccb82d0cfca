"""The elasticity sweep: latency around a step in the arrivals, and its recovery."""

from typing import Any

from markupsafe import Markup

from benchmarks.report.figures.step_latency import Panel, around_a_step
from benchmarks.report.styles import styles_of
from benchmarks.results_model.sweeps import ElasticitySweep


def section(sweep: ElasticitySweep) -> dict[str, Any]:
    """Return the values of the template, with one drawing that has a panel per arm."""
    by_arm = styles_of(sweep.arms)
    panels = [Panel(arm.arm, by_arm[arm.arm], arm.trials) for arm in sweep.recoveries if arm.trials]
    busiest = max(sweep.steps, key=lambda step: step.rate)
    drawings = {}
    if panels:
        drawings["steps"] = around_a_step(
            panels,
            busy_seconds=busiest.window_seconds,
            name=f"{sweep.name}-steps",
            title="The slowest flow of each second around the step",
        )
    return {
        "styles": by_arm,
        "busiest": busiest,
        "calm": min(sweep.steps, key=lambda step: step.rate),
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
    }
