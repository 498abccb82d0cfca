"""A claim about a ratio, with its blocks and its verdict."""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta

from benchmarks.analysis.ratios import Side, Verdict
from benchmarks.results_model.base import Model, Number, about

Unit = Literal["ms", "1/s", "bytes", "s", "tests", ""]


class RatioBlock(Model):
    """Both sides in one block."""

    block: Annotated[Number, about("Number of the block.")]
    first: Annotated[float, about("Above the line of the ratio; in `unit`.")]
    second: Annotated[float, about("Below it; in `unit`.")]
    ratio: Annotated[float, about("first / second.")]


class RatioClaim(Model):
    """A claim that is often made, its ratio and its verdict."""

    name: Annotated[str, about("Short and unique within the run.")]
    sweep: Annotated[str, about("The sweep that answers it.")]
    statement: Annotated[str, about("The claim.")]
    measure: Annotated[str, about("What is measured on both sides.")]
    unit: Annotated[
        Unit,
        about("Of `first` and `second`; empty for a ratio."),
    ]
    of: Annotated[str, about("Which ratio it is, in words.")]
    claimed: Annotated[Side, about("On which side of 1 the claim puts the ratio.")]
    ratio: Annotated[
        float | None, about("Geometric mean over blocks; null where no block has both sides.")
    ]
    low: Annotated[float | None, about("Where the interval begins; null under two blocks.")]
    high: Annotated[float | None, about("Where it ends.")]
    confidence: Annotated[float, about("Of the interval, a share of 1.")]
    method: Annotated[str, about("How the interval was made.")]
    blocks: Annotated[Sequence[RatioBlock], about("The blocks that count.")]
    verdict: Annotated[
        Verdict,
        about("The verdict of the run: only an interval that leaves 1 out decides."),
    ]
    words: Annotated[str, about("The ratio as a sentence.")]
    scatter: Annotated[
        float | None,
        about(
            "Standard deviation of the logarithms of the blocks' ratios, about their relative "
            "scatter; null under two blocks."
        ),
    ]
    blocks_for_5_percent: Annotated[
        Annotated[int, Meta(ge=2)] | None,
        about("So many blocks would give an interval of ± 5 %, with this scatter."),
    ]
    detectable: Annotated[
        float | None,
        about(
            "The smallest effect that so many blocks find with a power of 0.9, as ratio minus 1."
        ),
    ]
