"""Figures that several experiments have: latencies, ratios, shares, one value of each trial."""

from collections.abc import Sequence
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, Model, Pair, about


class Latency(Model):
    """Latencies in ms, from raw rows.

    A percentile is null where there are too few values for it (20 for p95, 100 for p99).
    """

    count: Annotated[Count, about("How many values.")]
    mean: Annotated[float | None, about("Arithmetic mean, ms.")]
    p50: Annotated[float | None, about("Median, ms.")]
    p95: Annotated[float | None, about("95th percentile, ms.")]
    p99: Annotated[float | None, about("99th percentile, ms.")]


class OverTrials(Model):
    """The geometric mean of one value of each trial, and its 95 % interval.

    The interval is Student's t on the logarithms, from two trials on.
    """

    mean: Annotated[float | None, about("Geometric mean.")]
    low: Annotated[float | None, about("Where the interval begins.")]
    high: Annotated[float | None, about("Where it ends.")]
    trials: Annotated[Count, about("How many trials had a value.")]


class PooledLatency(Model):
    """Latencies in ms of all counted trials of an arm at one level, rows together.

    They count from the intended start.
    """

    count: Annotated[Count, about("How many values.")]
    mean: Annotated[float | None, about("Arithmetic mean, ms.")]
    p50: Annotated[float | None, about("Median, ms.")]
    p95: Annotated[float | None, about("95th percentile, ms.")]
    p99: Annotated[float | None, about("99th percentile, ms.")]
    p95_rows: Annotated[
        Pair | None,
        about(
            "How well these rows pin down their own p95: two of the values, ms, between which it "
            "lies with 95 %. Rows of one trial aren't independent, so it doesn't hold for a next "
            "trial. Null with under 72 rows."
        ),
    ]
    p95_over_trials: Annotated[
        OverTrials, about("The p95 of each trial, ms: what to expect of a next trial.")
    ]


class Spread(Model):
    """One value for each counted trial, and their arithmetic mean. The unit is the field's."""

    mean: Annotated[float | None, about("Null without a trial.")]
    trials: Annotated[Sequence[float], about("In the order of running.")]


class Ratio(Model):
    """A ratio of two arms, taken in each block: geometric mean and 95 % interval."""

    ratio: Annotated[
        float | None, about("Geometric mean over blocks; null where no block has both values.")
    ]
    low: Annotated[float | None, about("Where the interval begins; null under two blocks.")]
    high: Annotated[float | None, about("Where it ends.")]
    method: Annotated[str, about("How the interval was made.")]
    blocks: Annotated[Sequence[float], about("The ratio in each block that has one.")]


class Share(Model):
    """A share of a count, with Wilson's interval."""

    count: Annotated[Count, about("How many.")]
    total: Annotated[Count, about("Of how many.")]
    share: Annotated[Amount | None, about("Count by total; null of nothing.")]
    low: Annotated[Amount | None, about("The interval's lower end.")]
    high: Annotated[Amount | None, about("Its upper end.")]
