"""The figure of a priced run: dollars for a month by load, and each deployment by the monolith."""

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.cost.document import CostDocument
from benchmarks.report import svg
from benchmarks.report.cost import names
from benchmarks.report.figures import canvas
from benchmarks.report.figures.curves import DASHED, DOTTED, SOLID

SIZE = (5.2, 6.2)  # inches: the labels stay readable on a phone
REFERENCE = "monolith-fargate"


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    hue: str
    dashes: Any


LINES = (
    _Line("monolith-fargate", "first", SOLID),
    _Line("monolith-lambda-arm", "first", DASHED),
    _Line("monolith-ec2", "first", DOTTED),
    _Line("microservices-fargate", "second", SOLID),
    _Line("microservices-lambda-arm", "second", DASHED),
    _Line("microservices-ec2", "second", DOTTED),
)


def figure(document: CostDocument, *, name: str = "findings-cost") -> str:
    """Return an SVG: above the cost by load, below the ratio to the monolith with workers."""
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure(SIZE)
        above, below = drawing.subplots(2, 1, sharex=True, height_ratios=[1, 1.4])
        reference = document.deployment(REFERENCE).curve
        for line in LINES:
            curve = document.deployment(line.name).curve
            style = {
                "color": svg.hue_colour(line.hue, 1),
                "linestyle": line.dashes,
                "linewidth": 1.8,
            }
            above.plot(document.per_day, curve, label=names.deployment(line.name), **style)
            ratio = [one / other for one, other in zip(curve, reference, strict=True)]
            below.plot(document.per_day, ratio, **style)
        _dress(above, below)
        drawing.legend(*above.get_legend_handles_labels(), loc="outside upper center", ncols=2)
        return svg.inline(
            drawing,
            name=name,
            title="Cost of a month on AWS by submissions a day, and divided by the monolith's",
            description=_text(document),
        )


def _dress(above: Axes, below: Axes) -> None:
    above.set_xscale("log")
    above.set_yscale("log")
    above.set_ylabel("dollars a month")
    above.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:,.0f}".replace(",", " "))
    )
    above.yaxis.set_minor_locator(NullLocator())
    below.set_ylabel("÷ monolith with workers on Fargate")
    below.set_xlabel("submissions a day")
    below.xaxis.set_major_locator(FixedLocator([10.0**power for power in range(2, 9)]))
    below.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    below.xaxis.set_minor_locator(NullLocator())
    below.axhline(1, color=svg.INK, linewidth=1)


def _short(value: float) -> str:
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def _text(document: CostDocument) -> str:
    shown = (
        f"{names.deployment(line.name)}: "
        + ", ".join(
            f"{names.dollars(row.total)} at {row.per_day:g}"
            for row in document.deployment(line.name).rows
        )
        for line in LINES
    )
    return f"Dollars a month by submissions a day. {'; '.join(shown)}."
