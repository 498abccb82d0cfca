"""The sweep of autoscaling: latency around the step, and processes over time."""

from typing import Any

from markupsafe import Markup

from benchmarks.report.figures.counts_over_time import Counted, counts_over_time
from benchmarks.report.figures.step_latency import Panel, around_a_step
from benchmarks.report.styles import styles_of
from benchmarks.results_model.sweeps import AutoscalingSweep


def section(sweep: AutoscalingSweep) -> dict[str, Any]:
    """Return the values of the template, with its drawings where a trial counts."""
    by_arm = styles_of(sweep.arms)
    busiest = max(sweep.steps, key=lambda step: step.rate)
    measured = [arm for arm in sweep.responses if arm.trials]
    drawings = {}
    if measured:
        drawings["processes"] = counts_over_time(
            [
                Counted(arm.arm, by_arm[arm.arm], [trial.counts for trial in arm.trials])
                for arm in measured
            ],
            busy_seconds=busiest.window_seconds,
            name=f"{sweep.name}-processes",
            title="Processes that the engine ran",
            counted="processes",
        )
        drawings["steps"] = around_a_step(
            [Panel(arm.arm, by_arm[arm.arm], arm.trials) for arm in measured],
            busy_seconds=busiest.window_seconds,
            name=f"{sweep.name}-steps",
            title="The slowest flow of each second around the step",
        )
    return {
        "busiest": busiest,
        "calm": min(sweep.steps, key=lambda step: step.rate),
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
    }
