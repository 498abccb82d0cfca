"""Requests second by second during releases: a panel for each arm, a row for each feature."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes

from benchmarks.report import svg
from benchmarks.report.claim_texts import side_name
from benchmarks.report.figures import canvas
from benchmarks.report.styles import Style
from benchmarks.results_model.releases import TrialReleases

PANEL_INCHES, AROUND_INCHES = 1.25, 0.6
FEATURES = ("page", "read", "submit", "sign-in")  # from below
SMALLEST, LARGEST = 6.0, 60.0  # areas of the dots, in points squared
FULL_AT = 4.0  # times the limit: the largest dot


@dataclass(frozen=True, slots=True)
class Line:
    """One trial of an arm, from the results document."""

    arm: str
    style: Style
    trial: TrialReleases


def timelines(lines: Sequence[Line], *, name: str, title: str) -> str:
    """Return an SVG of the releases and each second's slow and failed requests."""
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure((canvas.WIDE, AROUND_INCHES + PANEL_INCHES * len(lines)))
        rows = drawing.subplots(len(lines), 1, sharex=True, squeeze=False)[:, 0]
        for axes, line in zip(rows, lines, strict=True):
            _panel(axes, line)
        rows[-1].set_xlabel("seconds from the window's start")
        text = "; ".join(map(_line_text, lines))
        return svg.inline(drawing, name=name, title=title, description=text)


def _panel(axes: Axes, line: Line) -> None:
    for release in line.trial.releases:
        begun = release.ordered_after_seconds + release.waited_seconds
        ends = release.ordered_after_seconds + release.order_seconds
        axes.axvspan(begun, ends, color=svg.GRID, alpha=0.6, linewidth=0)
    limits = line.trial.slow_above_ms
    for place, feature in enumerate(FEATURES):
        mine = [second for second in line.trial.seconds if second.feature == feature]
        shares = [_share(second.slowest_ms, limits[feature]) for second in mine]
        axes.scatter(
            [second.at_seconds + 0.5 for second in mine],
            [place] * len(mine),
            s=[SMALLEST + (LARGEST - SMALLEST) * share for share in shares],
            color=line.style.colour,
            alpha=0.8,
            linewidths=0,
        )
        failed = [second.at_seconds + 0.5 for second in mine if second.failed]
        axes.plot(failed, [place] * len(failed), "x", color=svg.INK)
    axes.set_yticks(range(len(FEATURES)), FEATURES)
    axes.set_ylim(-0.6, len(FEATURES) - 0.4)
    axes.set_title(side_name(line.arm), loc="left", fontsize=10, color=svg.INK)


def _share(slowest_ms: float, limit_ms: float | None) -> float:
    """Return 0 up to the limit, rising to 1 at FULL_AT times the limit."""
    if not limit_ms or slowest_ms <= limit_ms:
        return 0.0
    return min(1.0, slowest_ms / limit_ms / FULL_AT)


def _line_text(line: Line) -> str:
    releases = line.trial.releases
    failed = sum(second.failed for second in line.trial.seconds)
    active = [release.order_seconds - release.waited_seconds for release in releases]
    text = f"{len(releases)} releases, {sum(active):.0f} s in all, {failed} requests failed"
    return f"{line.arm}: {text}"
