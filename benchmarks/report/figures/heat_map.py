"""A heat map of shares: a row for each failed component, a column for each feature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.formats import NONE

ROW_INCHES, AROUND_INCHES = 0.36, 0.75
STRONGEST = 0.5  # opacity of a share of 0, at which the number is still readable
GAP = 0.06  # of a cell, between neighbours
MEAN_GAP = 0.15  # before the column of means


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label and a share (0-1) for each column; None without a measurement."""

    label: str
    shares: Sequence[float | None]
    mean: float | None


def heat_map(
    rows: Sequence[Row], columns: Sequence[str], *, most_rows: int, name: str, title: str
) -> str:
    """Return an SVG of the shares as percentages on cells; the lower, the darker.

    `most_rows` is the number of rows of the largest adjacent map, so that all cells are equal.
    """
    height = AROUND_INCHES + ROW_INCHES * most_rows
    with mpl.rc_context({**svg.STYLE, "axes.grid": False}):
        drawing = canvas.figure((canvas.HALF[0], height))
        _map(drawing.add_subplot(), rows, columns, most_rows)
        return svg.inline(
            drawing,
            name=name,
            title=title,
            description="; ".join(_row_text(row, columns) for row in rows),
        )


def heat_maps(
    maps: Mapping[str, Sequence[Row]], columns: Sequence[str], *, name: str, title: str
) -> str:
    """Draw several maps of the same columns below each other, each under its heading."""
    counts = [len(rows) for rows in maps.values()]
    height = sum(AROUND_INCHES + ROW_INCHES * count for count in counts)
    with mpl.rc_context({**svg.STYLE, "axes.grid": False}):
        drawing = canvas.figure((canvas.HALF[0], height))
        panels = drawing.subplots(len(maps), 1, squeeze=False, height_ratios=counts)[:, 0]
        for axes, (heading, rows) in zip(panels, maps.items(), strict=True):
            _map(axes, rows, columns, len(rows))
            axes.set_title(heading, loc="left", fontsize=10, color=svg.INK)
        described = "; ".join(
            f"{heading}, {_row_text(row, columns)}"
            for heading, rows in maps.items()
            for row in rows
        )
        return svg.inline(drawing, name=name, title=title, description=described)


def _map(axes: Axes, rows: Sequence[Row], columns: Sequence[str], most_rows: int) -> None:
    for place, row in enumerate(rows):
        for column, share in enumerate(row.shares):
            _cell(axes, float(column), place, share)
        _cell(axes, len(columns) + MEAN_GAP, place, row.mean, is_bold=True)
    axes.set_xlim(-0.5, len(columns) + 0.5 + MEAN_GAP)
    axes.set_ylim(max(most_rows, len(rows)) - 0.5, -0.5)
    heads = [column.replace(" ", "\n", 1) for column in (*columns, "mean")]
    axes.set_xticks([*range(len(columns)), len(columns) + MEAN_GAP], heads)
    axes.set_yticks(range(len(rows)), [row.label.replace(" ", "\n", 1) for row in rows])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _cell(axes: Axes, x: float, y: float, share: float | None, *, is_bold: bool = False) -> None:
    place, size = (x - 0.5 + GAP / 2, y - 0.5 + GAP / 2), 1 - GAP
    axes.add_patch(Rectangle(place, size, size, facecolor=svg.GRID, alpha=0.6, linewidth=0))
    if share is not None and share < 1:
        opacity = STRONGEST * (1 - share)
        axes.add_patch(Rectangle(place, size, size, facecolor=svg.BAD, alpha=opacity, linewidth=0))
    text = NONE if share is None else f"{share:.0%}"
    weight = "bold" if is_bold else "normal"
    axes.text(x, y, text, ha="center", va="center", color=svg.INK, fontsize=8.5, fontweight=weight)


def _row_text(row: Row, columns: Sequence[str]) -> str:
    shares = ", ".join(
        f"{column} {NONE if share is None else f'{share:.0%}'}"
        for column, share in zip(columns, row.shares, strict=True)
    )
    return f"{row.label}: {shares}"
