"""Curves over users, rates of arrivals or numbers of processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.styles import Style

SOLID, DASHED, DOTTED = "-", (0, (4, 2)), (0, (1, 1.6))
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """One arm's line with its label. `dots` are single trials; a `smooth` line has no markers.

    Without `joined` only the markers are drawn; `hollow` markers distinguish a second line of an
    arm from its first.
    """

    label: str
    style: Style
    points: Points
    dashes: Any = SOLID
    dots: Points = ()
    smooth: bool = False
    joined: bool = True
    hollow: bool = False


def curves(
    lines: Sequence[Line],
    *,
    name: str,
    title: str,
    x: str,
    y: str,
    size: tuple[float, float] = canvas.HALF,
    logarithmic: bool = False,
    doubling: bool = True,
    diagonal: bool = False,
) -> str:
    """Return an SVG of lines; `x` and `y` name the axes, `size` is in inches.

    `logarithmic` is the y axis; x has a tick for each measured value, and is logarithmic while
    `doubling`. With `diagonal` a line shows where both are the same, which needs plain axes.
    """
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure(size)
        axes = drawing.add_subplot()
        values = [point[0] for line in lines if not line.smooth for point in line.points]
        if diagonal:
            reach = (0.0, max(values, default=1.0) * 1.05)
            axes.plot(reach, reach, color=svg.MUTED, linewidth=1, linestyle=DOTTED)
        for line in lines:
            _draw(axes, line)
        if doubling:
            canvas.doubling_x(axes, values)
            _give_room(axes, values)
        else:
            canvas.plain_x(axes, values)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        if logarithmic:
            canvas.logarithmic_y(axes)
        else:
            axes.set_ylim(0, axes.get_ylim()[1] * 1.08)
        values_text = "; ".join(
            _values_text(line) for line in lines if line.points and not line.smooth
        )
        return svg.inline(drawing, name=name, title=title, description=f"{y} by {x}. {values_text}")


def _draw(axes: Axes, line: Line) -> None:
    if not line.points:
        return
    axes.plot(
        *zip(*line.points, strict=True),
        color=line.style.colour,
        linestyle=line.dashes if line.joined else "none",
        marker="none" if line.smooth else line.style.marker,
        markersize=5,
        markerfacecolor=svg.CARD if line.hollow else line.style.colour,
    )
    if line.dots:
        axes.plot(
            *zip(*line.dots, strict=True),
            ".",
            color=line.style.colour,
            alpha=0.45,
            markersize=5,
            markeredgewidth=0,
        )


def _give_room(axes: Axes, values: Sequence[float]) -> None:
    """Widen the x axis around a single value, or two close ones."""
    if values and max(values) < 2 * min(values):
        axes.set_xlim(min(values) / 1.5, max(values) * 1.5)


def _values_text(line: Line) -> str:
    return f"{line.label}: " + ", ".join(f"{x:g}: {y:.3g}" for x, y in line.points)
