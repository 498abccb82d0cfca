"""A step in the arrivals: how many processes the engine ran when, and when latency was back."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from benchmarks.analysis.recovery import Scaling, recovery
from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.process_counter import PROCESSES
from benchmarks.experiments.runner.summary.arms import spread
from benchmarks.experiments.runner.summary.recoveries import (
    HOLD_SECONDS,
    busiest,
    flows,
    series,
)
from benchmarks.results_model.autoscaling import (
    ArmAutoscaling,
    AutoscaledTrial,
    ProcessCount,
)


def responses(arm: Arm, trials: Sequence[Trial]) -> ArmAutoscaling:
    """Sum up the trials of an arm."""
    each = [made for trial in trials if (made := _response(arm, trial)) is not None]
    return ArmAutoscaling(
        arm=arm.name,
        processes=list(arm.autoscaled),
        most_allowed=max(arm.autoscaled.values(), default=1),
        first_more_seconds=spread(_known(it.first_more_seconds for it in each)),
        since_step_seconds=spread(_known(it.since_step_seconds for it in each)),
        fewest_again_seconds=spread(_known(it.fewest_again_seconds for it in each)),
        process_seconds=spread([it.process_seconds for it in each]),
        trials=each,
    )


def _response(arm: Arm, trial: Trial) -> AutoscaledTrial | None:
    notes = [note for note in trial.document["actions"] if PROCESSES in note]
    if not notes or not trial.levels:
        return None
    (note,) = notes
    stepped_at = busiest(trial).window.start
    counts = _summed(note[PROCESSES].values())
    every, ends = flows(trial), busiest(trial).window.end
    calm = trial.levels[0].window.start
    before = [it.latency_ms for it in every if calm <= it.intended_at < stepped_at]
    busy = [it for it in every if stepped_at <= it.intended_at < ends]
    moment = Scaling(stepped_at, stepped_at, stepped_at)
    back = recovery(busy, moment, before, hold_seconds=HOLD_SECONDS)
    fewest = arm.least * len(arm.autoscaled)
    more = [at - stepped_at for at, count in counts if at >= stepped_at and count > fewest]
    ended = note["load_ended_at"]
    again = [at - ended for at, count in counts if at > ended and count <= fewest]
    return AutoscaledTrial(
        trial=trial.name,
        first_more_seconds=min(more, default=None),
        most=max((count for _, count in counts), default=0),
        fewest_again_seconds=min(again, default=None),
        process_seconds=_area(counts),
        limit_ms=back.limit_ms,
        left=back.left,
        since_step_seconds=back.since_step_seconds,
        stayed=back.stayed,
        reason=back.reason,
        counts=[ProcessCount(at_seconds=at - stepped_at, count=count) for at, count in counts],
        seconds=series(trial, stepped_at),
    )


def _summed(by_process: Collection[Sequence[tuple[float, int]]]) -> list[tuple[float, int]]:
    """Return the counts of all process types together: each round counted them one by one."""
    return [
        (rounds[0][0], sum(count for _, count in rounds))
        for rounds in zip(*by_process, strict=False)  # the last round may have met the end
    ]


def _area(counts: Sequence[tuple[float, int]]) -> float:
    """Return the seconds that processes ran, summed over them: each count until the next."""
    return sum((later - at) * count for (at, count), (later, _) in pairwise(counts))


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]
