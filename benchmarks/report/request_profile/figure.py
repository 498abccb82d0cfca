"""The figure of a profile: for each kind a bar of each side, stacked by group of processes."""

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.formats import number
from benchmarks.report.request_profile.names import GROUPS, SIDES, by_group, drawn_groups
from benchmarks.results_model.request_profile import ProfiledKind, ProfileDocument, Side

WIDTH, BAR_INCHES, AROUND_INCHES = 5.2, 0.21, 1.9  # the labels stay readable on a phone
BAR, APART = 0.4, 0.42  # of the distance between two kinds
UNDRAWN = frozenset({"idle"})
LONG = frozenset(  # on a scale of their own: images are recognized, or passwords hashed
    {"token", "wait-upload", "wait-url", "submission-upload", "submission-url"}
)


def figure(document: ProfileDocument, *, name: str = "profile") -> str:
    """Return an SVG: above the short kinds, below those that take tens of milliseconds."""
    kinds = [kind for kind in document.kinds if kind.name not in UNDRAWN]
    halves = [
        [kind for kind in kinds if (kind.name in LONG) is is_long] for is_long in (False, True)
    ]
    groups = drawn_groups(side for kind in kinds for side in kind.sides.values())
    with mpl.rc_context(svg.STYLE):
        rows = 2 * len(kinds)
        drawing = canvas.figure((WIDTH, AROUND_INCHES + BAR_INCHES * rows))
        both = drawing.subplots(2, 1, height_ratios=[len(half) for half in halves])
        for axes, half in zip(both, halves, strict=True):
            _draw(axes, half)
        both[-1].set_xlabel("CPU-ms of one call (services ÷ monolith)")
        drawing.legend(
            handles=[Patch(color=_colour(group), label=group[1]) for group in groups],
            loc="outside upper center",
            ncols=2,
        )
        return svg.inline(
            drawing,
            name=name,
            title="CPU-ms of each kind of request by process type, monolith beside services",
            description="; ".join(map(_text, kinds)),
        )


def _draw(axes: Axes, kinds: Sequence[ProfiledKind]) -> None:
    ends = [_end(side) for kind in kinds for side in kind.sides.values()]
    longest = max(ends, default=1.0)
    places, names = [], []
    for row, kind in enumerate(kinds):
        for place, (architecture, name) in zip(
            (row - APART / 2, row + APART / 2), SIDES.items(), strict=True
        ):
            ratio = kind.ratio.ratio if place > row else None
            _bar(axes, place, kind.sides[architecture], longest, ratio)
            places.append(place)
            names.append(f"{kind.title}, {name[0]}" if place < row else name[0])
    axes.set_yticks(places, names)
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.set_xlim(0, longest * 1.3)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)


def _bar(axes: Axes, place: float, side: Side, longest: float, ratio: float | None) -> None:
    left = 0.0
    for group, width in by_group(side).items():
        axes.barh(place, width, left=left, height=BAR, color=_colour(group), linewidth=0)
        left += width
    low, high = side.cpu_ms.low, side.cpu_ms.high
    if low is not None and high is not None:
        reach = [[max(0.0, left - low)], [max(0.0, high - left)]]
        axes.errorbar(left, place, xerr=reach, color=svg.INK, capsize=2, elinewidth=1)
    axes.text(
        _end(side) + longest * 0.015,
        place,
        number(left, 1 if left >= 1 else 2) + ("" if ratio is None else f" ({number(ratio, 2)})"),
        ha="left",
        va="center",
    )


def _end(side: Side) -> float:
    return max(side.cpu_ms.mean, side.cpu_ms.high or 0.0)


def _colour(group: tuple[str, str]) -> str:
    return svg.kind_colour(svg.kind_number(GROUPS, group))


def _text(kind: ProfiledKind) -> str:
    totals = (f"{SIDES[name]} {number(side.cpu_ms.mean, 2)}" for name, side in kind.sides.items())
    return f"{kind.title}: {', '.join(totals)}"
