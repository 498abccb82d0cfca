"""Bars, one for each arm, stacked by kind of process."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from benchmarks.report import svg
from benchmarks.report.claim_texts import side_name
from benchmarks.report.figures import canvas
from benchmarks.report.formats import number
from benchmarks.report.process_kinds import P, by_kind

LABELLED_SHARE = 0.075  # of the longest bar: below it a segment's label doesn't fit
BAR_INCHES, AROUND_INCHES, LEGEND_INCHES = 0.52, 0.85, 0.5
WHOLE_FROM = 200.0

Kinds = Sequence[tuple[str, str]]


def stacked(
    amounts: Mapping[str, Sequence[P]],
    kinds: Kinds,
    *,
    name: str,
    title: str,
    axis: str,
    amount: Callable[[P], float],
    scale: float = 1.0,
    names_kinds: bool = False,
) -> str:
    """Return an SVG with one bar per arm, stacked by kind of process, with its total.

    With `names_kinds` it is for a Markdown page: with a legend of its own, and as narrow as a
    telephone can show it.
    """
    with mpl.rc_context(svg.STYLE):
        height = AROUND_INCHES + BAR_INCHES * len(amounts) + LEGEND_INCHES * names_kinds
        drawing = canvas.figure((canvas.HALF[0] if names_kinds else canvas.WIDE, height))
        axes = drawing.add_subplot()
        totals = {arm: by_kind(of_arm, amount) for arm, of_arm in amounts.items()}
        longest = max((sum(total.values()) for total in totals.values()), default=0.0) * scale
        for row, total in enumerate(totals.values()):
            widths = {kind: total.get(kind, 0.0) * scale for kind in kinds}
            least = LABELLED_SHARE * (canvas.WIDE / canvas.HALF[0] if names_kinds else 1)
            _bar(axes, row, widths, kinds, longest, least=least)
        axes.set_yticks(range(len(totals)), [side_name(arm) for arm in totals])
        axes.set_ylim(len(totals) - 0.45, -0.55)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", labelsize=10, labelcolor=svg.INK)
        axes.set_xlim(0, longest * 1.1 or 1)
        axes.set_xlabel(axis)
        if names_kinds:
            drawing.legend(handles=_patches(kinds), loc="outside upper left", ncols=2)
        sums = {arm: sum(total.values()) * scale for arm, total in totals.items()}
        text = "; ".join(f"{arm}: {_number(total, longest)}" for arm, total in sums.items())
        return svg.inline(drawing, name=name, title=title, description=f"{axis}. {text}")


def _patches(kinds: Kinds) -> list[Patch]:
    return [
        Patch(facecolor=svg.kind_colour(svg.kind_number(kinds, kind)), label=kind[1])
        for kind in kinds
    ]


def _bar(
    axes: Axes,
    row: int,
    widths: Mapping[tuple[str, str], float],
    kinds: Kinds,
    longest: float,
    *,
    least: float,
) -> None:
    """Draw a bar; a segment has its number if it is at least such a share of the longest bar."""
    left = 0.0
    for kind, width in widths.items():
        axes.barh(
            row,
            width,
            left=left,
            height=0.62,
            color=svg.kind_colour(svg.kind_number(kinds, kind)),
            edgecolor=svg.CARD,
            linewidth=0.8,
        )
        if longest and width / longest >= least:
            middle = left + width / 2
            axes.text(
                middle, row, _number(width, longest), ha="center", va="center", color=svg.CARD
            )
        left += width
    text = _number(left, longest)
    axes.text(left + longest * 0.01, row, text, ha="left", va="center", weight="bold")


def _number(value: float, longest: float) -> str:
    """Return a value with the same decimal places in all bars: one, or none for long bars."""
    return number(value, 1 if longest < WHOLE_FROM else 0)
