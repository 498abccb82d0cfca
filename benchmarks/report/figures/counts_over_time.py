"""How many processes or environments there are over time, a panel for each arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.styles import Style

PANEL_INCHES, AROUND_INCHES = 1.2, 0.6


class Count(Protocol):
    """How many there were at a time."""

    @property
    def at_seconds(self) -> float:
        """Since the step in load."""

    @property
    def count(self) -> int:
        """How many."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One arm's counts, trial by trial, and for how many seconds it was busy."""

    arm: str
    style: Style
    trials: Sequence[Sequence[Count]]
    busy_seconds: float

    @property
    def most(self) -> int:
        """Return the most of any trial."""
        return max((it.count for trial in self.trials for it in trial), default=0)


def counts_over_time(
    arms: Sequence[Counted], *, name: str, title: str, counted: str, start: str = "the step"
) -> str:
    """Return an SVG of each trial's counts, with the busy seconds shaded.

    `counted` is what is counted, in the plural; `start` is what happens at 0 s.
    """
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure((canvas.WIDE, AROUND_INCHES + PANEL_INCHES * len(arms)))
        rows = drawing.subplots(len(arms), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for axes, arm in zip(rows, arms, strict=True):
            _panel(axes, arm)
        rows[-1].set_xlabel(f"seconds from {start}")
        drawing.supylabel(counted, fontsize=9, color=svg.MUTED)
        text = "; ".join(map(_described, arms))
        return svg.inline(drawing, name=name, title=title, description=text)


def _panel(axes: Axes, arm: Counted) -> None:
    axes.axvspan(0, arm.busy_seconds, color=svg.GRID, alpha=0.5, linewidth=0)
    for trial in arm.trials:
        axes.plot(
            [it.at_seconds for it in trial],
            [it.count for it in trial],
            color=arm.style.colour,
            drawstyle="steps-post",
            linewidth=1.4,
            alpha=max(0.3, 1 / len(arm.trials)),
        )
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.set_title(arm.arm, loc="left", fontsize=10, color=svg.INK)


def _described(arm: Counted) -> str:
    last = [trial[-1].count for trial in arm.trials if trial]
    return f"{arm.arm}: {arm.most} at most, {max(last, default=0)} at the end"
