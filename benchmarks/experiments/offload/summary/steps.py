"""A step in the arrivals: when latency was back, and how many environments there were."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.analysis.recovery import STRIDE_SECONDS, Recovery, Scaling, recovery
from benchmarks.experiments.offload.summary.starts import Environments, environments
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import spread
from benchmarks.experiments.runner.summary.recoveries import (
    HOLD_SECONDS,
    busiest,
    flows,
    scaled_in_seconds,
    scaling_out,
    series,
)
from benchmarks.results_model.offload import (
    ArmStepResponses,
    EnvironmentCount,
    StepResponse,
)


@dataclass(frozen=True, slots=True)
class Response:
    """What became of latency in one trial. `order` is None where nothing was ordered."""

    stepped_at: float
    order: Scaling | None
    recovery: Recovery


def respond(trial: Trial) -> Response | None:
    """Measure when latency was back after the step; None for a trial without one."""
    if not trial.levels:
        return None
    order = scaling_out(trial)
    if order is None and environments(trial) is None:
        return None  # neither an order nor a function
    stepped_at = busiest(trial).window.start
    every = flows(trial)
    calm, ends = trial.levels[0].window.start, busiest(trial).window.end
    before = [it.latency_ms for it in every if calm <= it.intended_at < stepped_at]
    busy = [it for it in every if stepped_at <= it.intended_at < ends]
    moments = order or Scaling(stepped_at, stepped_at, stepped_at)
    found = recovery(busy, moments, before, hold_seconds=HOLD_SECONDS)
    return Response(stepped_at, order, found)


def since_step(trial: Trial | None) -> tuple[float, bool] | None:
    """Return the seconds from the step until latency was back, and whether it wasn't.

    Then they are the seconds that were watched.
    """
    found = None if trial is None else respond(trial)
    if trial is None or found is None or found.recovery.limit_ms is None:
        return None
    seconds = found.recovery.since_step_seconds
    if seconds is None:
        return busiest(trial).window.end - found.stepped_at, True
    return max(seconds, STRIDE_SECONDS), False


def since_order(trial: Trial | None) -> tuple[float, bool] | None:
    """Return the same without the seconds before the order, if one was needed."""
    found, whole = None if trial is None else respond(trial), since_step(trial)
    if found is None or whole is None or found.order is None:
        return whole
    waited = found.order.ordered_at - found.stepped_at
    return max(whole[0] - waited, STRIDE_SECONDS), whole[1]


def step_responses(arm: str, trials: Sequence[Trial]) -> ArmStepResponses:
    """Sum up the trials of an arm."""
    each = [made for trial in trials if (made := _response(trial)) is not None]
    known = [it.since_step_seconds for it in each if it.since_step_seconds is not None]
    return ArmStepResponses(arm=arm, since_step_seconds=spread(known), trials=each)


def _response(trial: Trial) -> StepResponse | None:
    found, counted = respond(trial), environments(trial)
    if found is None:
        return None
    order, back = found.order, found.recovery
    return StepResponse(
        trial=trial.name,
        limit_ms=back.limit_ms,
        left=back.left,
        since_step_seconds=back.since_step_seconds,
        stayed=back.stayed,
        reason=back.reason,
        ordered_after_seconds=None if order is None else order.ordered_at - found.stepped_at,
        start_up_seconds=None if order is None else order.ready_at - order.ordered_at,
        scaled_in_seconds=None if order is None else scaled_in_seconds(trial),
        starts=None if counted is None else len(counted.starts),
        none_after_seconds=None if counted is None else counted.none_after_seconds,
        environments=[] if counted is None else _counts(counted, found.stepped_at),
        seconds=series(trial, found.stepped_at),
    )


def _counts(found: Environments, stepped_at: float) -> list[EnvironmentCount]:
    return [EnvironmentCount(at_seconds=at - stepped_at, count=it) for at, it in found.counts]
