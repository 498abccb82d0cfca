"""The rows of the table and figure on overhead, the same in the report and on the findings page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from benchmarks.report import svg
from benchmarks.report.figures.dot_plot import Mark, Series
from benchmarks.report.figures.goal_plot import goal_plot
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.overhead import FigureName, Overhead, OverheadFigure
from benchmarks.results_model.sweeps import OverheadSweep

QUESTION = "How good are the two sides?"
# What is measured, and over what
NAMES: Mapping[FigureName, tuple[str, str]] = {
    "upload-cpu": ("CPU for a completed upload", "the floor"),
    "url-cpu": ("CPU for a completed submission by URL", "the floor that fetches it"),
    "services-cpu": ("CPU for a completed upload", "the monolith"),
    "throughput": ("uploads a second on the full core", "the floor"),
    "ready": ("created to finished, alone, median", "the floor time"),
    "client": ("submit to ready for the client, alone, median", "the floor time"),
    "read": ("CPU for reading a submission", "a JsonResponse"),
    "result": ("CPU for reading a result", "a JsonResponse"),
    "image": ("CPU for reading an image", "a JsonResponse"),
    "submit": ("CPU for accepting an upload", "a JsonResponse"),
    "submit-over-insert": ("CPU for accepting an upload", "an insert and publish"),
}
SHORT: Mapping[FigureName, str] = {
    "upload-cpu": "CPU, upload ÷ floor",
    "url-cpu": "CPU, URL ÷ floor",
    "services-cpu": "CPU, upload ÷ monolith",
    "throughput": "throughput ÷ floor",
    "ready": "ready at rest ÷ floor",
    "client": "client at rest ÷ floor",
    "read": "CPU, read ÷ minimal",
    "result": "CPU, result ÷ minimal",
    "image": "CPU, image ÷ minimal",
    "submit": "CPU, submit ÷ minimal",
    "submit-over-insert": "CPU, submit ÷ insert",
}
Outcome = Literal["reached", "not reached", "open", ""]
_HUES = {"monolith": ("first", "o"), "microservices": ("second", "s")}


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of both sides; None for a side that it isn't measured for."""

    name: FigureName
    sides: Mapping[str, OverheadFigure | None]

    @property
    def what(self) -> str:
        """What is measured, and over what."""
        return " ÷ ".join(NAMES[self.name])

    @property
    def goal(self) -> str:
        """The goal in words, with the sides that have it where not both do; empty without one."""
        found = {arm: it.goal for arm, it in self.sides.items() if it and it.goal}
        if not found:
            return ""
        goal = next(iter(found.values()))
        words = f"{'≤' if goal.is_most else '≥'} {goal.limit:g}"
        measured = [arm for arm, it in self.sides.items() if it]
        only = ", ".join(side.replace("micro", "") for side in found)
        return words if len(found) == len(measured) else f"{words} ({only})"

    @property
    def limit(self) -> float | None:
        """The goal's ratio."""
        return next((it.goal.limit for it in self.sides.values() if it and it.goal), None)


def sweep_of(experiment: TrialResults) -> OverheadSweep | None:
    """Return the sweep, if the run has measured it."""
    found = [it for it in experiment.sweeps if isinstance(it, OverheadSweep)]
    measured = [it for it in found if any(arm.counted_trials for arm in it.arms)]
    return measured[0] if measured else None


def rows_of(overhead: Overhead) -> list[Row]:
    """Return a row for each measure, in the order of `NAMES`."""
    by_name: dict[str, dict[str, OverheadFigure]] = {}
    for figure in overhead.figures:
        by_name.setdefault(figure.name, {})[figure.arm] = figure
    return [
        Row(name, {arm: by_name[name].get(arm) for arm in _HUES})
        for name in NAMES
        if name in by_name
    ]


def outcome(figure: OverheadFigure) -> Outcome:
    """Return whether a figure reaches its goal: its whole interval does, doesn't, or neither."""
    goal, ratio = figure.goal, figure.ratio
    if goal is None or ratio.ratio is None:
        return ""
    if ratio.low is None or ratio.high is None:
        return "open"
    beyond, within = (ratio.low, ratio.high) if goal.is_most else (-ratio.high, -ratio.low)
    limit = goal.limit if goal.is_most else -goal.limit
    if within <= limit:
        return "reached"
    return "not reached" if beyond > limit else "open"


def drawing(overhead: Overhead, name: str) -> str:
    """Return the figure: each side's ratios, with the goals."""
    rows = rows_of(overhead)
    series = [
        Series(
            arm.replace("micro", ""),
            svg.hue_colour(hue, 1),
            marker,
            [_mark(row.sides[arm]) for row in rows],
        )
        for arm, (hue, marker) in _HUES.items()
    ]
    return goal_plot(
        [SHORT[row.name] for row in rows],
        [row.limit for row in rows],
        series,
        name=name,
        title=f"{QUESTION} Each over the least that its work takes",
        x="ratio, with its 95 % interval",
    )


def _mark(figure: OverheadFigure | None) -> Mark | None:
    if figure is None or figure.ratio.ratio is None:
        return None
    return Mark(figure.ratio.ratio, figure.ratio.low, figure.ratio.high)
