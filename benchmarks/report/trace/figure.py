"""The waterfall of one submission: a bar for each span, the monolith above the services."""

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.formats import number
from benchmarks.report.trace.roles import ROLES, SIDES, drawn, role_of
from benchmarks.results_model.trace import TraceDocument, TraceSide, TraceSpan

WIDTH, ROW_INCHES, AROUND_INCHES = 5.2, 0.16, 1.7  # the labels stay readable on a phone
BAR = 0.7  # of the distance between two rows
LEAST_SHARE = 0.004  # of the axis: a shorter bar would not be seen
COLOURS = {
    "client": svg.MUTED,
    "web": svg.kind_colour(2),
    "worker": svg.kind_colour(7),
    "consumer": svg.kind_colour(6),
}


def figure(document: TraceDocument, *, name: str = "trace") -> str:
    """Return an SVG: both sides over the same milliseconds, spans by their beginnings."""
    sides = [(title, document.sides[key]) for key, title in SIDES.items()]
    rows = [drawn(side.spans) for _, side in sides]
    end = max(it.begin_ms + it.duration_ms for spans in rows for it in spans)
    with mpl.rc_context(svg.STYLE):
        height = AROUND_INCHES + ROW_INCHES * sum(map(len, rows))
        drawing = canvas.figure((WIDTH, height))
        both = drawing.subplots(2, 1, sharex=True, height_ratios=[len(it) for it in rows])
        for axes, (title, _), spans in zip(both, sides, rows, strict=True):
            _draw(axes, title, spans, end)
        both[-1].set_xlabel("ms since the client began")
        drawing.legend(
            handles=[Patch(color=COLOURS[role], label=role) for role in ROLES],
            loc="outside upper center",
            ncols=len(ROLES),
        )
        return svg.inline(
            drawing,
            name=name,
            title="One submission in time, monolith above services",
            description=" ".join(_text(title, side) for title, side in sides),
        )


def _draw(axes: Axes, title: str, spans: Sequence[TraceSpan], end: float) -> None:
    axes.set_title(title, loc="left", fontsize="medium")
    for row, span in enumerate(spans):
        axes.barh(
            row,
            max(span.duration_ms, end * LEAST_SHARE),
            left=span.begin_ms,
            height=BAR,
            color=COLOURS[role_of(span)],
            linewidth=0,
        )
    axes.set_yticks(range(len(spans)), [it.name for it in spans], fontsize="x-small")
    axes.set_ylim(len(spans) - 0.4, -0.6)
    axes.set_xlim(0, end * 1.02)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)


def _text(title: str, side: TraceSide) -> str:
    spans = (
        f"{it.name} ({it.process}) from {number(it.begin_ms, 1)} for {number(it.duration_ms, 1)}"
        for it in drawn(side.spans)
    )
    return f"{title}, in ms: {'; '.join(spans)}."
