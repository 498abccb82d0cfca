"""The distribution of a measurement: the share of cases up to each value."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator, PercentFormatter

from benchmarks.report import svg
from benchmarks.report.figures import canvas

QUARTERS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Cases:
    """One line: its values, all above 0. `dashed` is the second line of a colour."""

    label: str
    values: Sequence[float]
    colour: str
    dashed: bool = False


def distributions(lines: Sequence[Cases], *, name: str, title: str, x: str, unit: str) -> str:
    """Return an SVG of the share of cases up to each value, on a logarithmic x axis."""
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure((canvas.WIDE, 3.2))
        axes = drawing.add_subplot()
        highest = max(max(line.values) for line in lines)
        for line in lines:
            values = np.sort(np.asarray(line.values, dtype=float))
            shares = np.arange(1, len(values) + 1) / len(values)
            axes.step(
                [values[0], *values, highest],
                [0.0, *shares, 1.0],
                where="post",
                color=line.colour,
                linestyle="--" if line.dashed else "-",
                label=line.label,
            )
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        axes.set_ylim(0, 1.02)
        axes.set_xlabel(x)
        axes.set_ylabel("share of the faults")
        texts = [f"{line.label}: {_quartile_text(line.values, unit)}" for line in lines]
        return svg.inline(drawing, name=name, title=title, description="; ".join(texts))


def quartiles(values: Sequence[float]) -> list[float]:
    """Return the values up to which a quarter, half, three quarters and all of the cases lie."""
    found = np.quantile(np.asarray(values, dtype=float), QUARTERS)
    return [float(quantile) for quantile in found]


def _quartile_text(values: Sequence[float], unit: str) -> str:
    quarter, half, three, highest = quartiles(values)
    return (
        f"a quarter within {quarter:.3g} {unit}, half within {half:.3g}, three quarters within "
        f"{three:.3g}, all within {highest:.3g}"
    )
