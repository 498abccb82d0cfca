"""What a sweep of autoscaling adds: processes over time, and when latency was back."""

from collections.abc import Sequence
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.elasticity import RecoverySecond
from benchmarks.results_model.figures import Spread


class ProcessCount(Model):
    """How many processes were ready at a time."""

    at_seconds: Annotated[float, about("Since the step; below 0 before it.")]
    count: Annotated[Count, about("Processes, of all types that were scaled.")]


class AutoscaledTrial(Model):
    """One trial with a step in the arrivals, in which an engine scaled by itself.

    Seconds are null where it didn't happen in the observed time.
    """

    trial: Annotated[str, about("The trial's name.")]
    first_more_seconds: Annotated[
        float | None, about("From the step until the first further process was ready.")
    ]
    most: Annotated[Count, about("The most processes that were ready at a time.")]
    fewest_again_seconds: Annotated[
        float | None, about("From the load's end until only the fewest were left.")
    ]
    process_seconds: Annotated[
        Amount, about("Seconds that processes were ready, summed over them and the whole trial.")
    ]
    limit_ms: Annotated[
        float | None,
        about(
            "What 90 % of flows must keep, ms: twice the p95 before the step; null with too few "
            "flows before it."
        ),
    ]
    left: Annotated[bool | None, about("Whether latency left that limit at all.")]
    since_step_seconds: Annotated[float | None, about("From the step until it was back.")]
    stayed: Annotated[bool | None, about("Whether it stayed back to the end of the observed time.")]
    reason: Annotated[str | None, about("Why it isn't known to be back.")]
    counts: Annotated[Sequence[ProcessCount], about("Each count.")]
    seconds: Annotated[Sequence[RecoverySecond], about("Second by second, by the intended start.")]


class ArmAutoscaling(Model):
    """The trials of one arm."""

    arm: Annotated[str, about("The arm.")]
    processes: Annotated[Sequence[str], about("The process types that the engine may scale.")]
    most_allowed: Annotated[Count, about("To how many of each.")]
    first_more_seconds: Annotated[
        Spread, about("Seconds from the step to the first further process.")
    ]
    since_step_seconds: Annotated[Spread, about("Seconds, of the trials that saw latency back.")]
    fewest_again_seconds: Annotated[
        Spread, about("Seconds from the load's end until only the fewest were left.")
    ]
    process_seconds: Annotated[Spread, about("Seconds of processes, summed over them.")]
    trials: Annotated[Sequence[AutoscaledTrial], about("Each trial.")]
