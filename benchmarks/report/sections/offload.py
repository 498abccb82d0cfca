"""The sweeps of the offload experiment: latencies by feature, cold starts, a step in load."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from benchmarks.report import svg
from benchmarks.report.figures.counts_over_time import Counted, counts_over_time
from benchmarks.report.figures.dot_plot import Mark, Series, dot_plot
from benchmarks.report.figures.step_latency import Panel, around_a_step
from benchmarks.report.styles import styles_of
from benchmarks.results_model.figures import PooledLatency
from benchmarks.results_model.offload import ArmOffload
from benchmarks.results_model.sweeps import ColdStartsSweep, OffloadSweep, StepSweep

REQUESTS = {"sign-in": "sign in", "read": "read the list", "submit": "submit call"}
READY = {"ready": "submit to ready"}
FEATURES = {**REQUESTS, **READY}
PLACES = {"request": "in the request", "worker": "in a worker", "function": "in a function"}
ROW_INCHES = 0.5  # of three marks
_MARKERS = "os^D"


def values(sweep: OffloadSweep | ColdStartsSweep | StepSweep) -> dict[str, Any]:
    """Return the values of the sweep's template."""
    match sweep:
        case OffloadSweep():
            return _places(sweep)
        case ColdStartsSweep():
            return _cold_starts(sweep)
        case StepSweep():
            return _step(sweep)


def _places(sweep: OffloadSweep) -> dict[str, Any]:
    """Return the values of the template: where recognition is, and drawings of the latencies."""
    measured = [arm for arm in sweep.offload if arm.latency_ms["read"].count]
    drawings = {}
    if measured:
        for key, features, title in (
            ("requests", REQUESTS, "Requests while images are recognized"),
            ("ready", READY, "Submit to ready"),
        ):
            drawings[key] = latencies(measured, features, name=f"{sweep.name}-{key}", title=title)
    return {
        "places": {arm.arm: place(arm) for arm in sweep.offload},
        "features": FEATURES,
        "drawings": _marked(drawings),
    }


def place(arm: ArmOffload) -> str:
    """Return in words what recognizes an arm's images, and on which core."""
    side = arm.arm.split("-")[0]
    words = f"{side}, {PLACES[arm.place]}"
    if arm.place == "worker" and arm.is_apart:
        return f"{words} on another core"
    if arm.place == "function" and not arm.is_apart:
        return f"{words} on the API\u2019s core"
    return words


def latencies(
    arms: Sequence[ArmOffload], features: dict[str, str], *, name: str, title: str
) -> str:
    """Draw the 95th percentiles of features, a row for each arm."""
    series = [
        Series(
            words,
            svg.hue_colour("first", number + 1),
            _MARKERS[number],
            [_mark(arm.latency_ms[feature]) for arm in arms],
        )
        for number, (feature, words) in enumerate(features.items())
    ]
    return dot_plot(
        [place(arm) for arm in arms],
        series,
        name=name,
        title=title,
        x="95th percentile, ms",
        row_inches=ROW_INCHES,
    )


def _mark(found: PooledLatency) -> Mark | None:
    over = found.p95_over_trials
    if over.mean is None:
        return None
    return Mark(over.mean, over.low, over.high)


def _cold_starts(sweep: ColdStartsSweep) -> dict[str, Any]:
    """Return the values of the template, with a drawing of submit to ready by moment."""
    by_arm = styles_of(sweep.arms)
    moments = [each.moment for each in sweep.cold_starts[0].moments]
    series = [
        Series(
            arm.arm,
            by_arm[arm.arm].colour,
            by_arm[arm.arm].marker,
            [None if (mean := each.ready_ms.mean) is None else Mark(mean) for each in arm.moments],
        )
        for arm in sweep.cold_starts
    ]
    drawings = {}
    if any(mark is not None for each in series for mark in each.marks):
        drawings["moments"] = dot_plot(
            moments,
            series,
            name=f"{sweep.name}-moments",
            title="Submit to ready, mean, by moment",
            x="submit to ready, mean, ms",
            row_inches=ROW_INCHES,
        )
    return {"drawings": _marked(drawings)}


def _step(sweep: StepSweep) -> dict[str, Any]:
    """Return the values of the template: latency around the step, and environments over time."""
    by_arm = styles_of(sweep.arms)
    busiest = max(sweep.steps, key=lambda step: step.rate)
    measured = [arm for arm in sweep.responses if arm.trials]
    drawings = {}
    if measured:
        drawings["steps"] = around_a_step(
            [Panel(arm.arm, by_arm[arm.arm], arm.trials) for arm in measured],
            busy_seconds=busiest.window_seconds,
            name=f"{sweep.name}-steps",
            title="The slowest flow of each second around the step",
        )
    counted = [
        Counted(
            arm.arm,
            by_arm[arm.arm],
            [it.environments for it in arm.trials],
            busiest.window_seconds,
        )
        for arm in measured
        if any(it.environments for it in arm.trials)
    ]
    if counted:
        drawings["environments"] = counts_over_time(
            counted,
            name=f"{sweep.name}-environments",
            title="Environments of the function over time",
            counted="environments",
        )
    return {
        "busiest": busiest,
        "calm": min(sweep.steps, key=lambda step: step.rate),
        "drawings": _marked(drawings),
    }


def _marked(drawings: dict[str, str]) -> dict[str, Markup]:
    return {key: Markup(drawn) for key, drawn in drawings.items()}  # noqa: S704 - our own drawings
