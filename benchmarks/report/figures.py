"""The figures: curves of both architectures over users, and bars stacked by kind of process."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from benchmarks.report import svg
from benchmarks.report.kinds import by_kind

CURVE_SIZE = (4.7, 3.0)
BARS_SIZE = (9.6, 1.9)
COLOURS = (svg.FIRST, svg.SECOND)
MARKERS = ("o", "s")
LABELLED_SHARE = 0.075  # of the longest bar: below it a segment's figure wouldn't fit

Level = Mapping[str, Any]
Arms = Mapping[str, Mapping[str, Any]]
Value = Callable[[Level], float | None]


def curves(
    arms: Arms,
    *,
    name: str,
    title: str,
    axis: str,
    lines: Sequence[tuple[str, Value]],
    dots: str | None = None,
    logarithmic: bool = False,
) -> str:
    """Draw one curve per arm and line over users. `dots` names a spread whose trials are dotted."""
    with mpl.rc_context(svg.STYLE):
        figure, axes = _axes(CURVE_SIZE)
        told = []
        for number, (arm, summary) in enumerate(arms.items()):
            for style, (label, value) in zip(("-", (0, (4, 2))), lines, strict=False):
                points = [(it["users"], value(it)) for it in summary["levels"]]
                points = [point for point in points if point[1] is not None]
                if not points:
                    continue
                axes.plot(
                    *zip(*points, strict=True),
                    color=COLOURS[number],
                    linestyle=style,
                    marker=MARKERS[number],
                    markersize=5,
                )
                told.append(f"{arm} {label}: " + ", ".join(f"{u}: {v:.3g}" for u, v in points))
            if dots is not None:
                _dots(axes, summary["levels"], dots, COLOURS[number])
        _users(axes, arms)
        axes.set_ylabel(axis)
        if logarithmic:
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axes.yaxis.set_minor_locator(NullLocator())
        else:
            axes.set_ylim(0, axes.get_ylim()[1] * 1.08)
        return svg.inline(
            figure, name=name, title=title, description=f"{axis} by users. " + "; ".join(told)
        )


def stacked(
    parts: Mapping[str, Sequence[Mapping[str, Any]]],
    kinds: Sequence[tuple[str, str]],
    *,
    name: str,
    title: str,
    axis: str,
    amount: str,
    scale: float = 1.0,
) -> str:
    """Draw one bar per arm, stacked by kind of process, with its total at the end."""
    with mpl.rc_context(svg.STYLE):
        figure, axes = _axes(BARS_SIZE)
        totals = {arm: by_kind(of_arm, amount) for arm, of_arm in parts.items()}
        longest = max((sum(it.values()) for it in totals.values()), default=0.0) * scale
        for row, total in enumerate(totals.values()):
            left = 0.0
            for kind in kinds:
                width = total.get(kind, 0.0) * scale
                axes.barh(
                    row,
                    width,
                    left=left,
                    height=0.62,
                    color=svg.kind_colour(svg.kind_number(kinds, kind)),
                    edgecolor=svg.CARD,
                    linewidth=0.8,
                )
                if longest and width / longest >= LABELLED_SHARE:
                    axes.text(
                        left + width / 2,
                        row,
                        f"{width:.3g}",
                        ha="center",
                        va="center",
                        color=svg.CARD,
                    )
                left += width
            axes.text(
                left + longest * 0.01, row, f"{left:.3g}", ha="left", va="center", weight="bold"
            )
        axes.set_yticks(range(len(totals)), list(totals))
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", labelsize=10, labelcolor=svg.INK)
        axes.set_xlim(0, longest * 1.1 or 1)
        axes.set_xlabel(axis)
        told = "; ".join(f"{arm}: {sum(it.values()) * scale:.3g}" for arm, it in totals.items())
        return svg.inline(figure, name=name, title=title, description=f"{axis}. {told}")


def _axes(size: tuple[float, float]) -> tuple[Figure, Axes]:
    """A figure without pyplot: nothing is kept, nothing looks for a screen."""
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasSVG(figure)
    return figure, figure.add_subplot()


def _dots(axes: Axes, levels: Sequence[Level], field: str, colour: str) -> None:
    users = [it["users"] for it in levels for _ in it[field]["trials"]]
    values = [value for it in levels for value in it[field]["trials"]]
    axes.plot(users, values, ".", color=colour, alpha=0.45, markersize=5, markeredgewidth=0)


def _users(axes: Axes, arms: Arms) -> None:
    levels = sorted({it["users"] for summary in arms.values() for it in summary["levels"]})
    axes.set_xscale("log", base=2)
    axes.set_xticks(levels, [str(level) for level in levels])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("users")
