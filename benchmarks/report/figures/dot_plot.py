"""A dot plot: a row for each case, a mark for each series, with an interval where one is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from benchmarks.report import svg
from benchmarks.report.figures import canvas

ROW_INCHES, AROUND_INCHES = 0.34, 0.95
BETWEEN = 0.14  # rows' height by which neighbouring series of one row are moved up and down
LABEL_CHARACTERS = 20  # after which a row's label goes on in a second line


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a row; `low` and `high` are the ends of its interval, None without one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The marks of one series, one for each row; None where nothing was measured."""

    label: str
    colour: str
    marker: str
    marks: Sequence[Mark | None]


def dot_plot(
    rows: Sequence[str],
    series: Sequence[Series],
    *,
    name: str,
    title: str,
    x: str,
    reference: float | None = None,
    row_inches: float = ROW_INCHES,
) -> str:
    """Return the drawing as an `<svg>` element; rows run from the top, `x` labels the axis.

    The axis begins at 0; with a `reference` line, just below the smallest value.
    """
    with mpl.rc_context(svg.STYLE):
        height = AROUND_INCHES + row_inches * len(rows)
        drawing = canvas.figure((canvas.HALF[0], height))
        axes = drawing.add_subplot()
        for place, each in enumerate(series):
            draw_marks(axes, each, (place - (len(series) - 1) / 2) * 2 * BETWEEN)
        if reference is None:
            axes.set_xlim(left=0)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=True))
        else:
            axes.axvline(reference, color=svg.INK, linewidth=1)
        axes.set_yticks(range(len(rows)), [fill(row, LABEL_CHARACTERS) for row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="y", labelcolor=svg.INK)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(x)
        drawing.legend(loc="outside upper left", ncols=len(series))
        description = "; ".join(described(row, place, series) for place, row in enumerate(rows))
        return svg.inline(drawing, name=name, title=title, description=f"{x}. {description}")


def draw_marks(axes: Axes, series: Series, shift: float) -> None:
    """Draw a series with its intervals, moved down by so much of a row."""
    for place, mark in enumerate(series.marks):
        if mark is not None and mark.low is not None and mark.high is not None:
            axes.plot(
                [mark.low, mark.high],
                [place + shift] * 2,
                color=series.colour,
                linewidth=1.6,
                alpha=0.75,
            )
    known = [(mark.value, place) for place, mark in enumerate(series.marks) if mark is not None]
    axes.plot(
        [value for value, _ in known],
        [place + shift for _, place in known],
        linestyle="none",
        color=series.colour,
        marker=series.marker,
        markersize=6,
        markeredgecolor=svg.CARD,
        clip_on=False,
        label=series.label,
    )


def described(row: str, place: int, series: Sequence[Series]) -> str:
    """Return a row in words, for screen readers."""
    marks = [(each.label, each.marks[place]) for each in series]
    known = [f"{label} {mark.value:.3g}" for label, mark in marks if mark is not None]
    return f"{row}: {', '.join(known)}"
