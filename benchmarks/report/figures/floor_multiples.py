"""Bars of each arm's CPU in multiples of the floor's."""

from collections.abc import Sequence

import matplotlib as mpl

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.formats import TIMES

BAR_INCHES, AROUND_INCHES = 0.42, 0.8

Row = tuple[str, float, float, str]  # what, multiple, CPU-ms, colour


def multiples(rows: Sequence[Row], *, name: str, title: str) -> str:
    """Return an SVG with one bar for each row, the floor's own included."""
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure((canvas.WIDE, AROUND_INCHES + BAR_INCHES * len(rows)))
        axes = drawing.add_subplot()
        for place, (_, multiple, cpu_ms, colour) in enumerate(rows):
            axes.barh(place, multiple, height=0.58, color=colour)
            text = f"{multiple:.2f}{TIMES}  ({cpu_ms:.1f} CPU-ms)"
            axes.annotate(
                text,
                (multiple, place),
                xytext=(6, 0),
                textcoords="offset points",
                ha="left",
                va="center",
            )
        axes.axvline(1, color=svg.INK, linewidth=1)
        axes.set_yticks(range(len(rows)), [row[0] for row in rows])
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", labelsize=10, labelcolor=svg.INK)
        axes.set_xlim(0, max(row[1] for row in rows) * 1.32)
        axes.set_xlabel("times the floor's CPU per submission")
        description = "; ".join(f"{what}: {multiple:.2f}" for what, multiple, _, _ in rows)
        return svg.inline(drawing, name=name, title=title, description=description)
