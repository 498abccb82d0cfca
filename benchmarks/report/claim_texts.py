"""Texts of a judged claim, the same in the page, the terminal and the comparison of runs.

A ratio is a plain number; a difference has its sign and its unit. Both are in the direction of the
claim's sentence: the side that is larger by the claim comes first.
"""

from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup

from benchmarks.analysis.intervals import CONFIDENCE
from benchmarks.analysis.power import HALF_WIDTH
from benchmarks.analysis.verdicts import Verdict
from benchmarks.report import interval_plot
from benchmarks.report.formats import (
    NARROW_NO_BREAK,
    NONE,
    HasInterval,
    count,
    measured,
    number,
    percent,
)
from benchmarks.results_model.claims import JudgedClaim, Scale, Unit

VERDICT_CLASSES: Mapping[Verdict, str] = {
    Verdict.SUPPORTED: "holds",
    Verdict.NOT_SUPPORTED: "fails",
    Verdict.NO_DIFFERENCE: "same",
    Verdict.INCONCLUSIVE: "open",
}
RESTATES, RESTATES_CLASS = "restates another claim", "none"
LEVEL = f"{CONFIDENCE * 100:.0f}{NARROW_NO_BREAK}%"
MOST_BLOCKS = 20  # as dots in the plot of an interval
POINTS = 100
ROUNDING = 1e-9


class Compared(Protocol):
    """How two sides are compared, and in which unit each is."""

    @property
    def scale(self) -> Scale:
        """Divided or subtracted."""

    @property
    def unit(self) -> Unit:
        """The unit of each side."""


def verdict(claim: JudgedClaim) -> str:
    """Return the words of the badge: the verdict, or that the claim restates another."""
    return RESTATES if claim.verdict is None else str(claim.verdict)


def verdict_class(claim: JudgedClaim) -> str:
    """Return the badge's class in the style sheet."""
    return RESTATES_CLASS if claim.verdict is None else VERDICT_CLASSES[claim.verdict]


def compared(value: float | None, claim: Compared) -> str:
    """Return a ratio, or a signed difference with its unit; a dash for None."""
    if value is None:
        return NONE
    return _bare(value, claim) + _unit(claim)


def interval(found: HasInterval, claim: Compared) -> str:
    """Return the interval of a claim or of an alternative as "low to high"; a dash for none."""
    if found.low is None or found.high is None:
        return NONE
    return f"{_bare(found.low, claim)} to {_bare(found.high, claim)}{_unit(claim)}"


def _bare(value: float, claim: Compared) -> str:
    if claim.scale is Scale.RATIO:
        return ratio(value)
    text = number(value * POINTS, 1) if claim.unit == "share" else number(value, 2)
    return f"+{text}" if value > 0 else text


def _unit(claim: Compared) -> str:
    if claim.scale is Scale.RATIO:
        return ""
    words = {"share": " points", "bytes": " bytes", "1/s": "/s", "": ""}
    return words.get(claim.unit, f" {claim.unit}")


def ratio(value: float) -> str:
    """Return a ratio with three decimal places under 2, two under 10, one under 100, or none."""
    digits = sum(value < limit for limit in (2, 10, 100))
    return number(value, digits)


def side(name: str, value: float | None, unit: Unit) -> str:
    """Return one side's name with its value: "monolith 78.0 ms"."""
    return f"{name} {NONE if value is None else measured(value, unit)}"


def sides(claim: JudgedClaim) -> str:
    """Return both sides with their values, the side that is larger by the claim first."""
    both = ((claim.first_side, claim.first), (claim.second_side, claim.second))
    return ", ".join(side(name, value, claim.unit) for name, value in both)


def smallest(claim: JudgedClaim) -> str:
    """Return the smallest effect that matters, as a ratio or a difference."""
    if claim.scale is Scale.RATIO:
        return f"a ratio of {number(1 + claim.smallest, 2)}, either way"
    return f"a difference of {compared(claim.smallest, claim).removeprefix('+')}"


def power(claim: JudgedClaim) -> str:
    """Return a sentence on the effects that so many blocks find; empty for a difference."""
    if claim.scale is not Scale.RATIO:
        return ""
    if claim.scatter is None:
        return "Too few blocks to estimate their variation, or the effects that they could find."
    if claim.scatter < ROUNDING or claim.detectable is None:
        return "The blocks don't vary, so the effects that they could find are unknown."
    found = (
        f"If blocks keep varying like this, the {LEVEL} interval excludes 1 in 9 of 10 runs of "
        f"{count(len(claim.blocks), 'block')} for effects from ±{percent(claim.detectable, 1)} on; "
        "a smaller effect may be found too, less often."
    )
    goal = percent(HALF_WIDTH)
    return f"{found} For ±{goal}: {number(claim.blocks_for_5_percent, 0)} blocks."


def plot(claim: JudgedClaim) -> Markup:
    """Return the small plot of a claim's value, interval and blocks; empty without a value."""
    if claim.value is None:
        return Markup()
    blocks = claim.blocks if len(claim.blocks) <= MOST_BLOCKS else ()
    drawn = interval_plot.draw(
        interval_plot.Estimate(
            claim.value,
            claim.low,
            claim.high,
            smallest=claim.smallest,
            blocks=[(block.value, block.disturbed) for block in blocks],
            is_ratio=claim.scale is Scale.RATIO,
        ),
        label=lambda value: compared(value, claim),
    )
    return Markup(drawn)  # noqa: S704 - drawn here
