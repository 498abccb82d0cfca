"""A judged claim: what was measured of both sides in each block, the interval and the verdict."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from benchmarks.analysis.verdicts import Verdict
from benchmarks.results_model.base import Amount, Count, Model, Number, about

Unit = Literal["ms", "1/s", "bytes", "s", "tests", "share", ""]


class Scale(StrEnum):
    """How the two sides of a claim are compared."""

    RATIO = "ratio"
    DIFFERENCE = "difference"


class ClaimBlock(Model):
    """Both sides in one block."""

    block: Annotated[Number, about("Number of the block.")]
    first: Annotated[float, about("Of the side that is named first; in `unit`.")]
    second: Annotated[float, about("Of the other.")]
    value: Annotated[float, about("first / second, or first - second.")]
    disturbed: Annotated[bool, about("Whether other work used the target's cores meanwhile.")]


class Alternative(Model):
    """The same claim, measured in another way that has as good reasons."""

    variation: Annotated[str, about("What is measured in another way.")]
    value: Annotated[float | None, about("The mean over blocks; null where none counts.")]
    low: Annotated[float | None, about("Where its 95 % interval begins.")]
    high: Annotated[float | None, about("Where it ends.")]
    blocks: Annotated[Count, about("That count.")]
    verdict: Annotated[Verdict, about("By the rules for a claim that is judged alone.")]


class JudgedClaim(Model):
    """A claim that the first side's measurement is larger than the second's."""

    name: Annotated[str, about("Short and unique within the experiment.")]
    sweep: Annotated[str, about("The sweep that answers it.")]
    statement: Annotated[str, about("The claim, as a sentence.")]
    measure: Annotated[str, about("What is measured of both sides.")]
    unit: Annotated[Unit, about("Of `first` and `second`; empty for a ratio, share is of 1.")]
    scale: Annotated[Scale, about("Whether the sides are divided or subtracted.")]
    first_side: Annotated[str, about("The side that is larger by the claim.")]
    second_side: Annotated[str, about("The other.")]
    first: Annotated[
        float | None, about("Mean over blocks: geometric for a ratio; null where none counts.")
    ]
    second: Annotated[float | None, about("The same of the other side.")]
    value: Annotated[
        float | None,
        about("The ratio first / second, a geometric mean; or the mean difference. Over blocks."),
    ]
    low: Annotated[float | None, about("Where its 95 % interval begins; null under two blocks.")]
    high: Annotated[float | None, about("Where it ends.")]
    method: Annotated[str, about("How the interval was made.")]
    smallest: Annotated[
        Amount, about("The smallest effect that matters: a ratio minus 1, or a difference.")
    ]
    blocks: Annotated[Sequence[ClaimBlock], about("The blocks that count.")]
    verdict: Annotated[
        Verdict | None, about("By the rules of `analysis.verdicts`; null for one that restates.")
    ]
    reason: Annotated[str, about("Why that is the verdict, as a sentence.")]
    judged_at: Annotated[
        Amount | None,
        about("Confidence of the interval that decided, by Holm; null without a verdict."),
    ]
    restates: Annotated[
        str, about("The claim that it repeats in other words; empty for one of its own.")
    ]
    depends: Annotated[Sequence[str], about("Choices and conditions that it rests on.")]
    alternatives: Annotated[
        Sequence[Alternative], about("The same, measured in other ways; each judged alone.")
    ]
    words: Annotated[str, about("The value as a sentence.")]
    scatter: Annotated[
        float | None,
        about(
            "Standard deviation of the blocks' log ratios, about their relative scatter, or of "
            "their differences; null under two blocks."
        ),
    ]
    blocks_for_5_percent: Annotated[
        Annotated[int, Meta(ge=2)] | None,
        about("So many blocks would give a ratio an interval of ± 5 %, with this scatter."),
    ]
    detectable: Annotated[
        float | None,
        about(
            "The ratio minus 1 that 9 of 10 runs of so many blocks would support, judged alone: "
            "smaller ones may be found too."
        ),
    ]
    judged_low: Annotated[
        float | None,
        about("Where the interval that decided begins; null without one."),
    ] = None
    judged_high: Annotated[float | None, about("Where it ends.")] = None
    is_case: Annotated[
        bool, about("Whether a block is one case: a side is 1 where it is so, 0 where it isn't.")
    ] = False
