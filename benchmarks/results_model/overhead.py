"""What a sweep of overhead adds: each side over the least that its work takes."""

from collections.abc import Sequence
from typing import Annotated, Literal

from benchmarks.results_model.base import Count, Model, about
from benchmarks.results_model.figures import Ratio

FigureName = Literal[
    "upload-cpu",
    "url-cpu",
    "services-cpu",
    "throughput",
    "ready",
    "client",
    "read",
    "result",
    "image",
    "submit",
    "submit-over-insert",
]
FigureUnit = Literal["CPU-ms", "ms", "1/s"]
Per = Literal["block", "round"]


class Goal(Model):
    """What a ratio should be, as it was set before it was measured."""

    limit: Annotated[float, about("The ratio.")]
    is_most: Annotated[bool, about("Whether the ratio should be at most the limit, or at least.")]


class OverheadFigure(Model):
    """One measure of one side, over a reference that was measured beside it."""

    name: Annotated[FigureName, about("Unique for a side.")]
    arm: Annotated[str, about("The side.")]
    unit: Annotated[FigureUnit, about("The unit of both values.")]
    value: Annotated[float | None, about("Geometric mean of the side's values.")]
    reference: Annotated[float | None, about("Geometric mean of the reference's values.")]
    ratio: Annotated[Ratio, about("Value over reference, in each block or round.")]
    goal: Annotated[Goal | None, about("Null where none was set.")]


class MinimalEndpoint(Model):
    """A minimal endpoint, and what one request costs in all processes that serve it."""

    name: Annotated[str, about("What it does, and by which interface.")]
    cpu_ms: Annotated[float | None, about("CPU-ms a request, geometric mean over trials.")]


class Overhead(Model):
    """Each side over the least that its work takes."""

    per: Annotated[
        Per,
        about(
            "What a ratio is taken in: a block, or a round of the only block, in which case the "
            "intervals don't include how much one deployment differs from the next."
        ),
    ]
    rounds: Annotated[Count, about("Rounds of each trial.")]
    figures: Annotated[Sequence[OverheadFigure], about("Each figure for each side.")]
    minimal: Annotated[Sequence[MinimalEndpoint], about("The minimal endpoints.")]
