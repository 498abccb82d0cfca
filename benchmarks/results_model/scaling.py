"""What sweeps of load and of work add: the Universal Scalability Law, ratios over the work."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from benchmarks.results_model.base import Amount, Count, Model, Number, Pair, about
from benchmarks.results_model.figures import Ratio, Spread


class Bounds(Model):
    """An end is null where it isn't finite."""

    low: Annotated[float | None, about("Where it begins.")]
    high: Annotated[float | None, about("Where it ends.")]


class Estimate(Model):
    """A fitted value and its 95 % interval."""

    value: Annotated[float | None, about("Null if it isn't finite.")]
    interval: Bounds | None


class UslLevel(Model):
    """A level."""

    users: Annotated[Number, about("Users.")]
    completed: Annotated[Count, about("Submissions that became ready.")]
    seconds: Annotated[Amount, about("Time measured.")]


class UslFit(Model):
    """The Universal Scalability Law, fitted to the closed levels.

    X(N) = lambda N / (1 + sigma (N-1) + kappa N (N-1)), with throughputs in submissions a second.
    """

    one_user_throughput: Annotated[Estimate, about("lambda: throughput of one user.")]
    sigma: Annotated[
        Estimate, about("Contention: the share that is done one after the other, 0 to 1.")
    ]
    kappa: Annotated[Estimate, about("Coherency: what each user adds for each other one.")]
    peak_users: Annotated[Estimate, about("N*: users at the peak; null where throughput has none.")]
    peak_throughput: Annotated[
        Estimate, about("X(N*); without a peak what throughput rises towards.")
    ]
    r_squared: Annotated[
        float, about("Share of the variance between levels that the curve explains.")
    ]
    largest_miss: Annotated[
        Amount, about("Of any level, as a share of the curve's throughput there.")
    ]
    levels: Annotated[Sequence[UslLevel], about("What was fitted: each level over all trials.")]
    curve: Annotated[Sequence[Pair], about("The fitted curve, for drawing.")]
    method: Annotated[str, about("How the intervals were made.")]
    caveats: Annotated[
        Sequence[str], about("What a reader must know beside the figures, in words.")
    ]


class ScalabilityLaw(Model):
    """The law of one arm, or why there is none."""

    arm: Annotated[str, about("The arm.")]
    refused: Annotated[str | None, about("Why no law was fitted, in words.")]
    fit: UslFit | None


class WorkPoint(Model):
    """Both architectures at one CPU time of the recognizer."""

    work_cpu_ms: Annotated[Amount, about("CPU-ms that the recognizer takes for one image.")]
    cpu: Annotated[Ratio, about("Of CPU-ms per completed submission, first arm / second arm.")]
    throughput: Annotated[
        Ratio,
        about(
            "Of ready submissions a second over all levels, first arm / second arm; without trials "
            "that other work disturbed."
        ),
    ]
    cpu_ms: Annotated[Mapping[str, Spread], about("CPU-ms per completed submission, by arm.")]


class PublishedRatio(Model):
    """A ratio that others published. None of them states CPU-ms per request."""

    source: Annotated[str, about("Who.")]
    year: Annotated[Count, about("When.")]
    citation: Annotated[str, about("Where.")]
    label: Annotated[str, about("What a request did, and in what.")]
    work: Annotated[Literal["cheap", "CPU-heavy", "mixed"], about("The kind of work.")]
    ratio: Annotated[float, about("Throughput of the monolith / throughput of the services.")]
