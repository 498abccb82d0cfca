"""What sweeps of the offload experiment add: latencies by feature, cold starts, a step in load."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.elasticity import RecoverySecond
from benchmarks.results_model.figures import Latency, PooledLatency, Share, Spread

Place = Literal["request", "worker", "function"]


class FunctionStarts(Model):
    """The starts of a function's environments, over all counted trials of an arm."""

    met: Annotated[
        Share,
        about(
            "Submissions that waited for a start, one for each start, of all that were accepted."
        ),
    ]
    seconds: Annotated[
        Sequence[float],
        about("Of each start, until the environment could take a message: AWS's init duration."),
    ]
    most_environments: Annotated[Count, about("The most that were counted at a time.")]


class ArmOffload(Model):
    """One arm: where recognition is, and what the users of each feature waited."""

    arm: Annotated[str, about("The arm.")]
    place: Annotated[Place, about("Where recognition is.")]
    is_apart: Annotated[
        bool,
        about(
            "Whether what recognizes has the generator's core instead of the API's, where all other"
            " work goes first."
        ),
    ]
    latency_ms: Annotated[
        Mapping[str, PooledLatency],
        about(
            "By feature: `sign-in`, `read` (the list), `submit` (until the 202), `ready` (from the "
            "intended start of a submission to its final state)."
        ),
    ]
    starts: Annotated[
        FunctionStarts | None, about("Of the function's environments; null without a function.")
    ]


class ColdStartMoment(Model):
    """The submissions of one moment, over all counted trials of an arm."""

    moment: Annotated[str, about("At rest, warm, after idle, or in a burst.")]
    met: Annotated[Share, about("Submissions that waited for a start, of those of the moment.")]
    start_seconds: Annotated[Sequence[float], about("Of each start.")]
    ready_ms: Annotated[Latency, about("Submit to ready.")]


class ArmColdStarts(Model):
    """Cold starts of one arm."""

    arm: Annotated[str, about("The arm.")]
    moments: Annotated[Sequence[ColdStartMoment], about("In their order within a trial.")]


class EnvironmentCount(Model):
    """How many environments there were at a time."""

    at_seconds: Annotated[float, about("Since the step; below 0 before it.")]
    count: Annotated[Count, about("Environments.")]


class StepResponse(Model):
    """What became of latency in one trial with a step in the arrivals.

    Null are: seconds where latency wasn't back in the observed time, those of an order without one,
    and figures of environments without a function.
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
    stayed: Annotated[bool | None, about("Whether it stayed back to the end of the observed time.")]
    reason: Annotated[str | None, about("Why it isn't known to be back.")]
    ordered_after_seconds: Annotated[float | None, about("From the step to the order to scale.")]
    start_up_seconds: Annotated[
        float | None, about("From the order until the new processes were ready.")
    ]
    scaled_in_seconds: Annotated[
        float | None,
        about("From the order to scale back until the last surplus process had ended."),
    ]
    starts: Annotated[Count | None, about("Of environments, over the whole trial.")]
    none_after_seconds: Annotated[
        Amount | None, about("From the load's end until no environment was left.")
    ]
    environments: Annotated[
        Sequence[EnvironmentCount], about("Each count; empty without a function.")
    ]
    seconds: Annotated[Sequence[RecoverySecond], about("Second by second, by the intended start.")]


class ArmStepResponses(Model):
    """Responses of one arm to the step."""

    arm: Annotated[str, about("The arm.")]
    since_step_seconds: Annotated[Spread, about("Seconds, of the trials that saw latency back.")]
    trials: Annotated[Sequence[StepResponse], about("Each trial.")]
