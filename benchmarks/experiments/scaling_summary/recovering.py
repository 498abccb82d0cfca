"""Elasticity, out of a trial's rows: when latency was back after the step."""

import math

from benchmarks.analysis.recovery import Flow, Recovery, Scaling, recovery
from benchmarks.analysis.trials import READY, SHED
from benchmarks.experiments.engine.reading import Trial

HOLD_SECONDS = 10.0  # the busy step is short: two windows tell a recovery from a lull


def flows(trial: Trial) -> list[Flow]:
    """Each flow by its intended start; one that failed or was shed took for ever."""
    return [
        Flow(call.intended_at, math.inf if call.failed else call.latency_ms)
        for call in trial.calls
        if call.name in {READY, SHED}
    ]


def scaling_out(trial: Trial) -> Scaling | None:
    """The moments of the step up and of scaling out; None where either didn't come about."""
    out = [it for it in trial.document["actions"] if it["out"] and "ready_at" in it]
    busiest = max(trial.levels, key=lambda level: level.window.rate, default=None)
    if not out or busiest is None:
        return None
    stepped_at = busiest.window.start
    return Scaling(stepped_at, ordered_at=out[0]["ordered_at"], ready_at=out[0]["ready_at"])


def recovered(trial: Trial) -> Recovery | None:
    """What became of latency while the arrivals stayed many; None without a step."""
    moments = scaling_out(trial)
    if moments is None:
        return None
    busiest = max(trial.levels, key=lambda level: level.window.rate)
    every = flows(trial)
    before = [it.latency_ms for it in every if it.intended_at < moments.stepped_at]
    busy = [it for it in every if moments.stepped_at <= it.intended_at < busiest.window.end]
    return recovery(busy, moments, before, hold_seconds=HOLD_SECONDS)
