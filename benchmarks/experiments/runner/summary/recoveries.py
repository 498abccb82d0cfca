"""When latency was back after a step in the arrivals, from a trial's rows."""

import math

from benchmarks.analysis.recovery import Flow, Recovery, Scaling, recovery
from benchmarks.analysis.trials import Level, is_flow
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.elasticity import RecoverySecond

BIN_SECONDS = 1.0
HOLD_SECONDS = 10.0  # the busy step is short: two windows distinguish a recovery from a lull


def flows(trial: Trial) -> list[Flow]:
    """Return each flow by its intended start; one that failed, was refused or shed has no end."""
    return [
        Flow(call.intended_at, math.inf if call.failed else call.latency_ms)
        for call in trial.calls
        if is_flow(call)
    ]


def busiest(trial: Trial) -> Level:
    """Return the level of the step up."""
    return max(trial.levels, key=lambda level: level.window.rate)


def scaled_in_seconds(trial: Trial) -> float | None:
    """Return the seconds from the order to scale back until the last surplus process had ended."""
    back = [it for it in trial.document["actions"] if it.get("out") is False and "ready_at" in it]
    return back[0]["ready_at"] - back[0]["ordered_at"] if back else None


def scaling_out(trial: Trial) -> Scaling | None:
    """Return the moments of the step up and of scaling out; None where either didn't happen."""
    out = [it for it in trial.document["actions"] if it.get("out") and "ready_at" in it]
    if not out or not trial.levels:
        return None
    stepped_at = busiest(trial).window.start
    return Scaling(stepped_at, ordered_at=out[0]["ordered_at"], ready_at=out[0]["ready_at"])


def recovered(trial: Trial) -> Recovery | None:
    """Measure the recovery of latency while the arrivals stayed many; None without a step."""
    moments = scaling_out(trial)
    if moments is None:
        return None
    every = flows(trial)
    calm, ends = trial.levels[0].window.start, busiest(trial).window.end
    before = [it.latency_ms for it in every if calm <= it.intended_at < moments.stepped_at]
    busy = [it for it in every if moments.stepped_at <= it.intended_at < ends]
    return recovery(busy, moments, before, hold_seconds=HOLD_SECONDS)


def series(trial: Trial, stepped_at: float) -> list[RecoverySecond]:
    """Return the slowest flow of each second by its intended start, in seconds from the step."""
    bins: dict[int, list[float]] = {}
    for flow in flows(trial):
        bins.setdefault(int((flow.intended_at - stepped_at) // BIN_SECONDS), []).append(
            flow.latency_ms
        )
    return [
        RecoverySecond(
            at_seconds=number * BIN_SECONDS,
            flows=len(values),
            failed=sum(value == float("inf") for value in values),
            slowest_ms=max((it for it in values if it != float("inf")), default=0.0),
        )
        for number, values in sorted(bins.items())
    ]
