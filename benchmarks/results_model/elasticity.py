"""What a sweep of elasticity adds: how soon latency was back after a step in the arrivals."""

from collections.abc import Sequence
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.figures import Spread


class RecoverySecond(Model):
    """One second."""

    at_seconds: Annotated[float, about("Since the step; below 0 before it.")]
    flows: Annotated[Count, about("How many were intended in it.")]
    failed: Annotated[Count, about("Of these, failed or shed.")]
    slowest_ms: Annotated[Amount, about("The slowest of the others, ms; 0 if there is none.")]


class Recovery(Model):
    """What became of latency in one trial with a step in the arrivals.

    Seconds are null where latency wasn't back in the observed time.
    """

    trial: Annotated[str, about("The trial's name.")]
    limit_ms: Annotated[
        float | None,
        about(
            "What 90 % of flows must keep, ms: twice the p95 before the step; null with too few "
            "flows before it."
        ),
    ]
    left: Annotated[bool | None, about("Whether latency left that limit at all.")]
    since_step_seconds: Annotated[float | None, about("From the step until it was back.")]
    since_order_seconds: Annotated[
        float | None, about("From the order to scale out until it was back; 0 if it was before.")
    ]
    since_ready_seconds: Annotated[
        float | None,
        about("From when the new processes were ready until it was back; 0 if it was before."),
    ]
    stayed: Annotated[bool | None, about("Whether it stayed back to the end of the observed time.")]
    reason: Annotated[str | None, about("Why it isn't known to be back.")]
    ordered_after_seconds: Annotated[float, about("From the step to the order.")]
    start_up_seconds: Annotated[float, about("From the order until the new processes were ready.")]
    scaled_in_seconds: Annotated[
        float | None,
        about(
            "From the order to scale back until the last surplus process had ended; null if it "
            "wasn't seen."
        ),
    ]
    seconds: Annotated[Sequence[RecoverySecond], about("Second by second, by the intended start.")]


class ArmRecoveries(Model):
    """Recoveries of one arm."""

    arm: Annotated[str, about("The arm.")]
    since_order_seconds: Annotated[Spread, about("Seconds, of the trials that saw latency back.")]
    start_up_seconds: Annotated[
        Spread, about("Seconds from the order until the new processes were ready.")
    ]
    trials: Annotated[Sequence[Recovery], about("Each trial.")]
