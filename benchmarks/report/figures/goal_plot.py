"""Ratios on a logarithmic axis: a row for each measure, a mark for each side, a line at a goal."""

from collections.abc import Sequence
from textwrap import fill

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.figures.dot_plot import LABEL_CHARACTERS, Series, described, draw_marks

ROW_INCHES, AROUND_INCHES = 0.36, 0.95
BETWEEN = 0.28  # of a row, between two sides' marks
GOAL_REACH = 0.42  # of a row, to either side
FAR, ROOM = 2.0, 1.15
FINE_TICKS = tuple(tenths / 10 for tenths in range(5, 31))
FINE_BELOW = 2.2  # the axis' end over its begin, under which there is room for tenths
TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def goal_plot(
    rows: Sequence[str],
    goals: Sequence[float | None],
    series: Sequence[Series],
    *,
    name: str,
    title: str,
    x: str,
) -> str:
    """Return the drawing as an `<svg>` element; rows run from the top, `x` labels the axis.

    `goals` has one ratio for each row, or None.
    """
    with mpl.rc_context(svg.STYLE):
        height = AROUND_INCHES + ROW_INCHES * len(rows)
        drawing = canvas.figure((canvas.HALF[0], height))
        axes = drawing.add_subplot()
        axes.set_xscale("log")
        axes.axvline(1, color=svg.MUTED, linewidth=0.8)
        label = "goal"
        for place, goal in enumerate(goals):
            if goal is not None:
                reach = [place - GOAL_REACH, place + GOAL_REACH]
                axes.plot(
                    [goal] * 2, reach, color=svg.INK, linewidth=1.4, dashes=(2, 1), label=label
                )
                label = "_"  # named once in the legend
        for number, each in enumerate(series):
            draw_marks(axes, each, (number - (len(series) - 1) / 2) * BETWEEN)
        _scale(axes, goals, series)
        axes.set_yticks(range(len(rows)), [fill(row, LABEL_CHARACTERS) for row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="y", labelcolor=svg.INK)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(x)
        drawing.legend(loc="outside upper left", ncols=len(series) + 1)
        texts = [
            described(row, place, series) + ("" if goal is None else f", goal {goal:g}")
            for place, (row, goal) in enumerate(zip(rows, goals, strict=True))
        ]
        return svg.inline(drawing, name=name, title=title, description=f"{x}. {'; '.join(texts)}")


def _scale(axes: Axes, goals: Sequence[float | None], series: Sequence[Series]) -> None:
    """Set the axis so that it has all values and goals, with plain numbers.

    An interval that reaches `FAR` times as far as any of them is cut.
    """
    marks = [mark for each in series for mark in each.marks if mark is not None]
    known = [1.0, *(it.value for it in marks), *(goal for goal in goals if goal is not None)]
    ends = [end for it in marks for end in (it.low, it.high) if end is not None]
    low = max(min([*known, *ends]), min(known) / FAR) / ROOM
    high = min(max([*known, *ends]), max(known) * FAR) * ROOM
    axes.set_xlim(low, high)
    ticks = FINE_TICKS if high / low < FINE_BELOW else TICKS
    axes.xaxis.set_major_locator(FixedLocator([it for it in ticks if low <= it <= high]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
