"""Latency second by second around a step in the arrivals, a panel for each arm."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.styles import Style
from benchmarks.results_model.autoscaling import AutoscaledTrial
from benchmarks.results_model.elasticity import Recovery
from benchmarks.results_model.offload import StepResponse

Trials = Sequence[Recovery] | Sequence[StepResponse] | Sequence[AutoscaledTrial]

PANEL_INCHES, AROUND_INCHES = 1.7, 0.6
NAMES_SHARE = 0.35  # of a panel: the room for the names of its marks, one below the other
NAME_POINTS = 10
MARKED_TRIALS = 3  # with more, markers would hide each other


@dataclass(frozen=True, slots=True)
class Panel:
    """One arm's panel; `trials` are those of the results document."""

    arm: str
    style: Style
    trials: Trials


def around_a_step(panels: Sequence[Panel], *, busy_seconds: float, name: str, title: str) -> str:
    """Return an SVG of each second's slowest flow, with order, readiness and recovery."""
    with mpl.rc_context(svg.STYLE):
        height = AROUND_INCHES + PANEL_INCHES * len(panels)
        drawing = canvas.figure((canvas.WIDE, height))
        rows = drawing.subplots(len(panels), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for axes, panel in zip(rows, panels, strict=True):
            _panel(axes, panel, busy_seconds)
        canvas.logarithmic_y(rows[0])
        low, high = rows[0].get_ylim()
        rows[0].set_ylim(low, high * (high / low) ** (NAMES_SHARE / (1 - NAMES_SHARE)))
        for axes, panel in zip(rows, panels, strict=True):
            _marks(axes, panel)
        rows[-1].set_xlabel("seconds from the step")
        drawing.supylabel("slowest flow of each second, ms", fontsize=9, color=svg.MUTED)
        text = "; ".join(map(_panel_text, panels))
        return svg.inline(drawing, name=name, title=title, description=text)


def _panel(axes: Axes, panel: Panel, busy_seconds: float) -> None:
    axes.axvspan(0, busy_seconds, color=svg.GRID, alpha=0.5, linewidth=0)
    for trial in panel.trials:
        drawn = [second for second in trial.seconds if second.slowest_ms > 0]
        axes.plot(
            [second.at_seconds + 0.5 for second in drawn],
            [second.slowest_ms for second in drawn],
            color=panel.style.colour,
            linewidth=1.4,
            alpha=max(0.25, 1 / len(panel.trials)),
            marker=panel.style.marker if len(panel.trials) <= MARKED_TRIALS else "none",
            markersize=3,
        )
        failed = [second.at_seconds + 0.5 for second in trial.seconds if second.failed]
        axes.plot(
            failed, [0.04] * len(failed), "x", color=svg.INK, transform=axes.get_xaxis_transform()
        )
    limits = [trial.limit_ms for trial in panel.trials if trial.limit_ms is not None]
    if limits:
        axes.axhline(_mean(limits), color=svg.MUTED, linewidth=1, linestyle=(0, (1, 1.6)))
    axes.set_title(panel.arm, loc="left", fontsize=10, color=svg.INK)


def _marks(axes: Axes, panel: Panel) -> None:
    for place, (what, at) in enumerate(moments(panel.trials).items()):
        if at is None:
            continue
        axes.axvline(
            at, color=svg.INK, linewidth=1, linestyle="-" if what == "back" else (0, (4, 2))
        )
        axes.annotate(
            what,
            (at, 1),
            xycoords=axes.get_xaxis_transform(),
            xytext=(3, -2 - place * NAME_POINTS),
            textcoords="offset points",
            ha="left",
            va="top",
        )


def moments(trials: Trials) -> dict[str, float | None]:
    """Return the seconds from the step to "order", "ready" and "back".

    They are means over trials; None if no trial has the value.
    """
    ordered = [
        (trial.ordered_after_seconds, trial.start_up_seconds)
        for trial in trials
        if not isinstance(trial, AutoscaledTrial)  # nothing is ordered there
    ]
    orders = [order for order, _ in ordered if order is not None]
    ready = [
        order + start_up
        for order, start_up in ordered
        if order is not None and start_up is not None
    ]
    known = [trial.since_step_seconds for trial in trials]
    back = [seconds for seconds in known if seconds is not None]
    return {
        name: _mean(values) if values else None
        for name, values in (("order", orders), ("ready", ready), ("back", back))
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _panel_text(panel: Panel) -> str:
    found = moments(panel.trials)
    moments_text = ", ".join(
        f"{what} {'unknown' if at is None else f'after {at:.1f} s'}" for what, at in found.items()
    )
    seconds = [second for trial in panel.trials for second in trial.seconds]
    worst = max((second.slowest_ms for second in seconds), default=0)
    return f"{panel.arm}: {moments_text}; slowest flow {worst:.0f} ms"
