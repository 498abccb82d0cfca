"""The figure of a plan: simulated by measured, and the vCPUs that a load needs."""

from collections.abc import Callable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.planning.document import (
    ArchitecturePlan,
    PlanDocument,
    ValidatedPoint,
)
from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.figures.curves import DASHED
from benchmarks.report.formats import number
from benchmarks.report.planning import names

SIZE = (5.2, 5.8)  # inches: the labels stay readable on a phone
HUES = {"monolith": "first", "microservices": "second"}
INSIDE, OUTSIDE = "o", "X"
TICKS = (1, 2, 5, 10, 20, 100, 1000, 5000)
ROOM = 1.25  # around the points


def figure(document: PlanDocument, *, name: str = "internet-scale") -> str:
    """Return an SVG: above the validation, below vCPUs by load with the first limits."""
    validation = document.validation
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure(SIZE)
        places = drawing.subplot_mosaic([["throughput", "p95"], ["plan", "plan"]])
        _compare(
            places["throughput"],
            [(it, it.throughput, it.modelled_throughput) for it in validation.points],
            validation.throughput_tolerance,
            lambda point: point.is_throughput_within,
        )
        places["throughput"].set_title("submissions a second", fontsize=9)
        _compare(
            places["p95"],
            [
                (it, it.p95_ms, it.modelled_p95_ms)
                for it in validation.points
                if it.p95_ms is not None
            ],
            validation.p95_tolerance,
            lambda point: bool(point.is_p95_within),
        )
        places["p95"].set_title("95th percentile, ms", fontsize=9)
        _plan(places["plan"], document)
        drawing.legend(handles=_legend(), loc="outside upper center", ncols=2)
        return svg.inline(
            drawing,
            name=name,
            title="The simulation beside what was measured, and the vCPUs that a load needs",
            description=_text(document),
        )


def _compare(
    axes: Axes,
    points: Sequence[tuple[ValidatedPoint, float, float]],
    tolerance: float,
    is_within: Callable[[ValidatedPoint], bool],
) -> None:
    values = [value for _, measured, modelled in points for value in (measured, modelled)]
    ends = np.array([min(values) / ROOM, max(values) * ROOM])
    axes.fill_between(
        ends, ends * (1 - tolerance), ends * (1 + tolerance), color=svg.GRID, linewidth=0
    )
    for point, measured, modelled in points:
        axes.plot(
            measured,
            modelled,
            INSIDE if is_within(point) else OUTSIDE,
            color=svg.hue_colour(HUES[point.architecture], 1),
            markersize=4 if is_within(point) else 6.5,
            markeredgewidth=0,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator(TICKS))
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 0)))
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("measured")
    axes.set_ylabel("simulated")


def _plan(axes: Axes, document: PlanDocument) -> None:
    loads = [load.per_day for load in document.plans]
    for place, name in enumerate(HUES):
        colour = svg.hue_colour(HUES[name], 1)
        plans = [load.architectures[place] for load in document.plans]
        axes.plot(loads, [vcpus(plan) for plan in plans], "o-", color=colour, markersize=4)
        axes.axvline(plans[0].limits[0].per_day, color=colour, linestyle=DASHED, linewidth=1.2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(loads, [names.amount(load) for load in loads])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(FixedLocator([1, 10, 100, 1000]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 0)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("submissions a day (dashed: the first limit)")
    axes.set_ylabel("vCPUs of the processes")


def vcpus(plan: ArchitecturePlan) -> int:
    """Return the vCPUs of the processes: one for each replica."""
    return sum(process.replicas for process in plan.processes)


def _legend() -> list[Line2D]:
    sides = [
        Line2D([], [], color=svg.hue_colour(hue, 1), marker=INSIDE, markersize=4, label=label)
        for label, hue in zip(names.SIDES.values(), HUES.values(), strict=True)
    ]
    marks = [
        Line2D([], [], color=svg.MUTED, marker=marker, linestyle="", markersize=5, label=label)
        for marker, label in ((INSIDE, "within the tolerance"), (OUTSIDE, "not within"))
    ]
    return [*sides, *marks]


def _text(document: PlanDocument) -> str:
    needed = (
        f"{names.amount(load.per_day)} submissions a day: "
        + ", ".join(f"{names.SIDES[it.architecture]} {vcpus(it)}" for it in load.architectures)
        for load in document.plans
    )
    return f"{names.shares(document.validation)}. vCPUs of the processes by {'; '.join(needed)}."
