"""Texts of a judged claim, the same in the page, the terminal and the comparison of runs.

A ratio is a plain number; a difference has its sign and its unit. Both are in the direction of the
claim's sentence: the side that is larger by the claim comes first.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from markupsafe import Markup

from benchmarks.analysis.intervals import CONFIDENCE
from benchmarks.analysis.power import HALF_WIDTH
from benchmarks.analysis.verdicts import Verdict
from benchmarks.report import interval_plot
from benchmarks.report.formats import (
    MINUS,
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
FEW_CASES = 20  # under so many, a percentage of them would seem to be of more


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


def of(claim: JudgedClaim) -> str:
    """Return what is compared, in words: "services ÷ monolith"."""
    sign = "÷" if claim.scale is Scale.RATIO else MINUS
    return f"{side_name(claim.first_side)} {sign} {side_name(claim.second_side)}"


def side_name(name: str) -> str:
    """Return the name of a side or of an arm as the reports have it."""
    return name.replace("microservices", "services")


def restated(claims: Sequence[JudgedClaim], claim: JudgedClaim) -> str:
    """Return the reason of a claim's verdict; of one that restates another, with its statement."""
    for other in claims:
        if claim.restates and other.name == claim.restates:
            return f"It belongs to “{other.statement}” and has no verdict of its own."
    return claim.reason


def compared(value: float | None, claim: Compared, blocks: int | None = None) -> str:
    """Return a ratio, or a signed difference with its unit; a dash for None.

    Of few cases, the difference is a number of them; `blocks` are those of an alternative.
    """
    if value is None:
        return NONE
    cases = _few_cases(claim, blocks)
    return _bare(value, claim, cases) + _unit(claim, cases)


def interval(found: HasInterval, claim: Compared, blocks: int | None = None) -> str:
    """Return the interval of a claim or of an alternative as "low to high"; a dash for none."""
    return span(found.low, found.high, claim, blocks)


def span(low: float | None, high: float | None, claim: Compared, blocks: int | None = None) -> str:
    """Return the ends of an interval as "low to high"; a dash where there are none."""
    if low is None or high is None:
        return NONE
    cases = _few_cases(claim, blocks)
    return f"{_bare(low, claim, cases)} to {_bare(high, claim, cases)}{_unit(claim, cases)}"


def deciding(claim: JudgedClaim) -> str:
    """Return the interval that decided with its level; empty where it is the one that is shown."""
    if claim.judged_at is None or claim.judged_low is None:
        return ""
    if abs(claim.judged_at - CONFIDENCE) < ROUNDING:
        return ""
    ends = span(claim.judged_low, claim.judged_high, claim)
    return f"{number(100 * claim.judged_at, 1)}{NARROW_NO_BREAK}%: {ends}"


def _few_cases(claim: Compared, blocks: int | None) -> int | None:
    """Return of how many cases a difference is, where they are few; None otherwise."""
    if not isinstance(claim, JudgedClaim) or not claim.is_case:
        return None
    cases = len(claim.blocks) if blocks is None else blocks
    return cases if 0 < cases < FEW_CASES else None


def _bare(value: float, claim: Compared, cases: int | None) -> str:
    if claim.scale is Scale.RATIO:
        return ratio(value)
    if cases is not None:
        text = number(value * cases, 0 if abs(value * cases % 1) < ROUNDING else 1)
        return f"+{text}" if value > 0 else text
    text = number(value * POINTS, 1) if claim.unit == "share" else number(value, 2)
    return f"+{text}" if value > 0 else text


def _unit(claim: Compared, cases: int | None) -> str:
    if claim.scale is Scale.RATIO:
        return ""
    if cases is not None:
        return f" of {cases}"
    words = {"share": " points", "bytes": " bytes", "1/s": "/s", "": ""}
    return words.get(claim.unit, f" {claim.unit}")


def ratio(value: float) -> str:
    """Return a ratio with three decimal places under 2, two under 10, one under 100, or none."""
    digits = sum(value < limit for limit in (2, 10, 100))
    return number(value, digits)


def side(name: str, value: float | None, unit: Unit) -> str:
    """Return one side's name with its value: "monolith 78.0 ms"."""
    return f"{side_name(name)} {NONE if value is None else measured(value, unit)}"


def side_value(value: float | None, claim: JudgedClaim) -> str:
    """Return one side's value: a measurement with its unit, or how many of the cases."""
    if value is None:
        return NONE
    if not claim.is_case:
        return measured(value, claim.unit)
    cases = len(claim.blocks)
    counted = f"{number(value * cases, 0)} of {cases}"
    return counted if cases < FEW_CASES else f"{counted} ({percent(value, 1)})"


def sides(claim: JudgedClaim) -> str:
    """Return both sides with their values, the side that is larger by the claim first."""
    both = ((claim.first_side, claim.first), (claim.second_side, claim.second))
    return ", ".join(f"{side_name(name)} {side_value(value, claim)}" for name, value in both)


def smallest(claim: JudgedClaim) -> str:
    """Return the smallest effect that matters, as a ratio or a difference."""
    if claim.scale is Scale.RATIO:
        return f"{percent(claim.smallest)}, either way"
    return f"a difference of {compared(claim.smallest, claim, 0).removeprefix('+')}"


def power(claim: JudgedClaim) -> str:
    """Return a sentence on the effects that so many blocks find; empty for a difference."""
    if claim.scale is not Scale.RATIO:
        return ""
    if claim.scatter is None:
        return "Too few blocks to estimate their variation, or the effects that they could find."
    if claim.scatter < ROUNDING or claim.detectable is None:
        return "The blocks don't vary, so the effects that they could find are unknown."
    found = (
        f"With {count(len(claim.blocks), 'block')} that vary like this, 9 of 10 runs would support "
        f"an effect of {percent(claim.detectable, 1)}; a smaller one is found less often."
    )
    blocks = count(claim.blocks_for_5_percent or 0, "block")
    return f"{found} An interval of ±{percent(HALF_WIDTH)} takes {blocks}."


def plot(claim: JudgedClaim) -> Markup:
    """Return the small plot of a claim's value, interval and blocks; empty without a value."""
    if claim.value is None:
        return Markup()
    has_dots = len(claim.blocks) <= MOST_BLOCKS and not claim.is_case
    blocks = claim.blocks if has_dots else ()
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
