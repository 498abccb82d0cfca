"""The sweep of autoscaling: latency around the step, and processes over time."""

from typing import Any

from markupsafe import Markup

from benchmarks.cost.prices import Prices, read_prices
from benchmarks.report.figures.counts_over_time import Counted, counts_over_time
from benchmarks.report.figures.step_latency import Panel, around_a_step
from benchmarks.report.styles import styles_of
from benchmarks.results_model.sweeps import AutoscalingSweep

# What the manifests request of each process type that is scaled here: what a node has to have free
REQUESTED_VCPUS, REQUESTED_GIB = 0.5, 0.5
PRICED_STEPS = 1000


def section(sweep: AutoscalingSweep) -> dict[str, Any]:
    """Return the values of the template, with its drawings where a trial counts."""
    by_arm = styles_of(sweep.arms)
    busiest = max(sweep.steps, key=lambda step: step.rate)
    measured = [arm for arm in sweep.responses if arm.trials]
    drawings = {}
    if measured:
        drawings["processes"] = counts_over_time(
            [
                Counted(
                    arm.arm,
                    by_arm[arm.arm],
                    [trial.counts for trial in arm.trials],
                    busiest.window_seconds,
                )
                for arm in measured
            ],
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
    prices = read_prices()
    return {
        "dollars": {arm.arm: _dollars(arm.process_seconds.mean, prices) for arm in sweep.responses},
        "prices": prices,
        "priced_steps": PRICED_STEPS,
        "busiest": busiest,
        "calm": min(sweep.steps, key=lambda step: step.rate),
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
    }


def _dollars(process_seconds: float | None, prices: Prices) -> float | None:
    """Return what so many seconds of processes cost, for `PRICED_STEPS` such steps in load."""
    if process_seconds is None:
        return None
    hour = REQUESTED_VCPUS * prices["fargate_vcpu_hours"]
    hour += REQUESTED_GIB * prices["fargate_gb_hours"]
    return PRICED_STEPS * process_seconds / 3600 * hour
