"""What a sweep adds beside its arms, by its kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from benchmarks.analysis.ratios import RatioInterval, ratio_interval
from benchmarks.analysis.trials import closed, points
from benchmarks.analysis.usl import UslFit, fit
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost, spread
from benchmarks.experiments.scaling.published import PUBLISHED
from benchmarks.experiments.scaling.summary.recoveries import (
    flows,
    recovered,
    scaled_in_seconds,
    scaling_out,
)

ByArm = Mapping[str, Sequence[Trial]]
BIN_SECONDS = 1.0
AT_ONCE = (
    "the fewest users keep the target's core full, so the law says no more than that all is done "
    "one after the other"
)


def _nothing(_sweep: Sweep, _trials: ByArm) -> dict[str, Any]:
    return {}


def _load(sweep: Sweep, trials: ByArm) -> dict[str, Any]:
    """The Universal Scalability Law of each arm, or why there is none."""
    return {"usl": [{"arm": arm.name, **_usl(trials[arm.name])} for arm in sweep.arms]}


def _usl(trials: Sequence[Trial]) -> dict[str, Any]:
    sound = [points(trial.levels) for trial in trials if not trial.disturbed]
    if trials and not sound:
        return {"refused": "other work disturbed every trial that counts", "fit": None}
    outcome = fit(sound)
    if isinstance(outcome, UslFit) and any(_full_at_once(trial) for trial in trials):
        outcome = replace(outcome, caveats=(*outcome.caveats, AT_ONCE))
    if not isinstance(outcome, UslFit):
        return {"refused": outcome.reason, "fit": None}
    return {"refused": None, "fit": asdict(outcome)}


def _full_at_once(trial: Trial) -> bool:
    """Whether throughput is at its most from the first closed level on."""
    first = min((level.window.users for level in closed(trial.levels)), default=0)
    return trial.saturation.saturated and trial.saturation.knee_users == first


def _work(sweep: Sweep, trials: ByArm) -> dict[str, Any]:
    """The ratio of the architectures at each cost of the recognizer, beside published ones."""
    works = sorted({arm.work_cpu_ms for arm in sweep.arms if arm.work_cpu_ms is not None})
    found = []
    for work in works:
        first, second = (arm.name for arm in sweep.arms if arm.work_cpu_ms == work)
        found.append(
            {
                "work_cpu_ms": work,
                "cpu": _interval(_pairs(trials[first], trials[second], cost)),
                "throughput": _interval(_pairs(trials[first], trials[second], _throughput)),
                "cpu_ms": {name: spread(_values(trials[name])) for name in (first, second)},
            }
        )
    return {"points": found, "published": [asdict(it) for it in PUBLISHED]}


def _throughput(trial: Trial) -> float | None:
    """Ready submissions a second over all levels, each of which keeps the core busy."""
    if trial.disturbed:
        return None
    seconds = sum(level.seconds for level in trial.levels)
    return sum(level.completed for level in trial.levels) / seconds if seconds else None


def _values(trials: Sequence[Trial]) -> list[float]:
    return [value for value in map(cost, trials) if value is not None]


def _pairs(
    first: Sequence[Trial], second: Sequence[Trial], value: Callable[[Trial], float | None]
) -> list[tuple[float, float]]:
    """Both arms' values in each block that has them."""
    others = {trial.block: value(trial) for trial in second}
    pairs = [(value(trial), others.get(trial.block)) for trial in first]
    return [(one, other) for one, other in pairs if one and other]


def _interval(pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    found: RatioInterval = ratio_interval(pairs)
    return {
        "ratio": found.ratio,
        "low": found.low,
        "high": found.high,
        "method": found.method,
        "blocks": list(found.blocks),
    }


def _elasticity(sweep: Sweep, trials: ByArm) -> dict[str, Any]:
    """For each arm: how long until latency was back, and latency second by second."""
    return {"recoveries": [_recoveries(arm.name, trials[arm.name]) for arm in sweep.arms]}


def _recoveries(arm: str, trials: Sequence[Trial]) -> dict[str, Any]:
    each = []
    for trial in trials:
        moments, outcome = scaling_out(trial), recovered(trial)
        if moments is None or outcome is None:
            continue
        each.append(
            {
                "trial": trial.name,
                **asdict(outcome),
                "ordered_after_seconds": moments.ordered_at - moments.stepped_at,
                "start_up_seconds": moments.ready_at - moments.ordered_at,
                "scaled_in_seconds": scaled_in_seconds(trial),
                "seconds": _series(trial, moments.stepped_at),
            }
        )
    return {
        "arm": arm,
        "since_order_seconds": spread(
            [it["since_order_seconds"] for it in each if it["since_order_seconds"] is not None]
        ),
        "start_up_seconds": spread([it["start_up_seconds"] for it in each]),
        "trials": each,
    }


def _series(trial: Trial, stepped_at: float) -> list[dict[str, float | int]]:
    """The slowest flow of each second by its intended start, in seconds from the step."""
    bins: dict[int, list[float]] = {}
    for flow in flows(trial):
        bins.setdefault(int((flow.intended_at - stepped_at) // BIN_SECONDS), []).append(
            flow.latency_ms
        )
    return [
        {
            "at_seconds": number * BIN_SECONDS,
            "flows": len(values),
            "failed": sum(value == float("inf") for value in values),
            "slowest_ms": max((it for it in values if it != float("inf")), default=0.0),
        }
        for number, values in sorted(bins.items())
    ]


OF_KIND: dict[str, Callable[[Sweep, ByArm], dict[str, Any]]] = {
    "floor": _nothing,
    "load": _load,
    "work": _work,
    "replicas": _nothing,
    "elasticity": _elasticity,
}
