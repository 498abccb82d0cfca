"""The common base of all figures: the canvas and readable axes."""

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

HALF = (4.3, 2.85)  # inches: two beside each other on a screen
THIRD = (3.2, 2.5)
WIDE = 9.6
NARROW = 2.0
LOG_TICKS = (  # by highest ÷ lowest value: the ticks of each decade
    (8.0, (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0)),
    (1000.0, (1.0, 2.0, 5.0)),
    (float("inf"), (1.0,)),
)


def figure(size: tuple[float, float]) -> Figure:
    """Return a figure of a size in inches, without pyplot's global state and display."""
    created = Figure(figsize=size, layout="constrained")
    FigureCanvasSVG(created)
    return created


def doubling_x(axes: Axes, values: Iterable[float]) -> None:
    """Set a logarithmic x axis with a tick at each measured value."""
    ticks = sorted(set(values))
    axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())


def plain_x(axes: Axes, values: Iterable[float]) -> None:
    """Set an x axis from 0 on with a tick at each measured value."""
    ticks = sorted(set(values))
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xlim(0, max(ticks, default=1.0) * 1.08)


def logarithmic_y(axes: Axes) -> None:
    """Set a logarithmic y axis with plain numbers."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    if high < NARROW * low:
        low, high = low / 1.3, high * 1.3
        axes.set_ylim(low, high)
    subs = next(subs for reach, subs in LOG_TICKS if high / low < reach)
    axes.yaxis.set_major_locator(LogLocator(subs=subs))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:,.10g}".replace(",", " "))
    )
    axes.yaxis.set_minor_locator(NullLocator())


def ratio_y(axes: Axes, values: Sequence[float]) -> None:
    """Set a logarithmic y axis for ratios; a ratio and its inverse are equally far from 1."""
    low, high = min([0.9, *values]) / 1.06, max([1.1, *values]) * 1.08
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    wanted = (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0)
    ticks = [tick for tick in wanted if low <= tick <= high]
    axes.yaxis.set_major_locator(FixedLocator(_apart(ticks, low, high)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(NullLocator())


def _apart(ticks: Sequence[float], low: float, high: float) -> list[float]:
    """Return the ticks that leave room for their labels; 1 always."""
    room = float(np.log(high / low)) / 14
    kept = [1.0]
    for tick in ticks:
        if all(abs(np.log(tick / other)) >= room for other in kept):
            kept.append(tick)
    return sorted(kept)
