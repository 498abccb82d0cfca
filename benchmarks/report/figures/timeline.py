"""Requests second by second while releases go on: a panel for each arm, a row for each feature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.styles import Look

PANEL_INCHES, AROUND_INCHES = 1.25, 0.6
FEATURES = ("page", "read", "submit", "sign-in")  # from below
SMALLEST, LARGEST = 6.0, 60.0  # areas of the dots, in points squared
FULL_AT = 4.0  # times the limit: as large as a dot becomes


@dataclass(frozen=True, slots=True)
class Line:
    """One trial of an arm, as the results document has it."""

    arm: str
    look: Look
    trial: Mapping[str, Any]


def timelines(lines: Sequence[Line], *, name: str, title: str) -> str:
    """Draw when each release went on, and each second's slow and failed requests."""
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure((canvas.WIDE, AROUND_INCHES + PANEL_INCHES * len(lines)))
        rows = drawing.subplots(len(lines), 1, sharex=True, squeeze=False)[:, 0]
        for axes, line in zip(rows, lines, strict=True):
            _panel(axes, line)
        rows[-1].set_xlabel("seconds from the window's start")
        told = "; ".join(map(_told, lines))
        return svg.inline(drawing, name=name, title=title, description=told)


def _panel(axes: Axes, line: Line) -> None:
    for release in line.trial["releases"]:
        begun = release["ordered_after_seconds"] + release["waited_seconds"]
        ends = release["ordered_after_seconds"] + release["order_seconds"]
        axes.axvspan(begun, ends, color=svg.GRID, alpha=0.6, linewidth=0)
    limits = line.trial["slow_above_ms"]
    for place, feature in enumerate(FEATURES):
        mine = [it for it in line.trial["seconds"] if it["feature"] == feature]
        shares = [_share(it["slowest_ms"], limits[feature]) for it in mine]
        axes.scatter(
            [it["at_seconds"] + 0.5 for it in mine],
            [place] * len(mine),
            s=[SMALLEST + (LARGEST - SMALLEST) * share for share in shares],
            color=line.look.colour,
            alpha=0.8,
            linewidths=0,
        )
        failed = [it["at_seconds"] + 0.5 for it in mine if it["failed"]]
        axes.plot(failed, [place] * len(failed), "x", color=svg.INK)
    axes.set_yticks(range(len(FEATURES)), FEATURES)
    axes.set_ylim(-0.6, len(FEATURES) - 0.4)
    axes.set_title(line.arm, loc="left", fontsize=10, color=svg.INK)


def _share(slowest_ms: float, limit_ms: float | None) -> float:
    """0 for what keeps the limit, 1 for what takes several times of it."""
    if not limit_ms or slowest_ms <= limit_ms:
        return 0.0
    return min(1.0, slowest_ms / limit_ms / FULL_AT)


def _told(line: Line) -> str:
    releases = line.trial["releases"]
    failed = sum(it["failed"] for it in line.trial["seconds"])
    seconds = sum(it["order_seconds"] - it["waited_seconds"] for it in releases)
    return f"{line.arm}: {len(releases)} releases, {seconds:.0f} s in all, {failed} requests failed"
