"""A ratio over the recognizer's CPU time, beside published ratios."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from msgspec.structs import replace

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.scaling import WorkPoint

HEIGHT = 3.7
KINDS = ("cheap", "mixed", "CPU-heavy")  # of work, by how much a request computes
LINEAR_BELOW_MS = 5.0
LETTER_ROOM = 1.045  # published ratios closer than this have their letters on two sides

Amount = Callable[[WorkPoint], Ratio]  # which ratio of a point


def inverse(found: Ratio) -> Ratio:
    """Return the ratio of the second side to the first."""
    ends = {"ratio": found.ratio, "low": found.high, "high": found.low}
    return replace(
        found,
        **{name: None if value is None else 1 / value for name, value in ends.items()},
        blocks=[1 / block for block in found.blocks],
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A published ratio with its letter in the figure."""

    letter: str
    work: str
    ratio: float


def ratio_over_work(
    points: Sequence[WorkPoint],
    letters: Sequence[Letter],
    *,
    name: str,
    title: str,
    amount: Amount,
    colour: str,
    y: str,
    width: float = canvas.WIDE,
) -> str:
    """Return an SVG of a ratio of each point; `width` is in inches, of one with letters."""
    with mpl.rc_context(svg.STYLE):
        size = (width, HEIGHT) if letters else canvas.HALF
        drawing = canvas.figure(size)
        own, *beside = drawing.subplots(
            1,
            2 if letters else 1,
            sharey=True,
            squeeze=False,
            width_ratios=[5, 3][: 1 + bool(letters)],
        )[0]
        _own(own, points, amount, colour)
        own.set_ylabel(y)
        values = [letter.ratio for letter in letters]
        for point in points:
            found = amount(point)
            ends = (found.ratio, found.low, found.high, *found.blocks)
            values += [value for value in ends if value is not None]
        for axes in beside:
            _published(axes, letters)
        canvas.ratio_y(own, values)
        for axes in (own, *beside):
            axes.axhline(1, color=svg.INK, linewidth=1)
        own_text = "; ".join(_point_text(point, amount) for point in points)
        published = [f"published, {letter.work}: {letter.ratio:g}" for letter in letters]
        text = f"{y}, by CPU-ms of the recognizer. {own_text}. {'; '.join(published)}"
        return svg.inline(drawing, name=name, title=title, description=text)


def _own(axes: Axes, points: Sequence[WorkPoint], amount: Amount, colour: str) -> None:
    works = [point.work_cpu_ms for point in points]
    known = [
        (point.work_cpu_ms, found, found.ratio)
        for point in points
        if (found := amount(point)).ratio is not None
    ]
    for work, found, ratio in known:
        axes.plot([work] * len(found.blocks), found.blocks, "_", color=colour, alpha=0.6)
        if found.low is not None and found.high is not None:
            reach = [[ratio - found.low], [found.high - ratio]]
            axes.errorbar(work, ratio, reach, color=colour, capsize=4, elinewidth=1.6)
    axes.plot(
        [work for work, _, _ in known],
        [ratio for _, _, ratio in known],
        color=colour,
        marker="o",
        markersize=7,
        markeredgecolor=svg.CARD,
    )
    axes.set_xscale("symlog", linthresh=LINEAR_BELOW_MS)
    axes.set_xticks(works, [f"{work:g}" for work in works])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(-1.2, max(works, default=1) * 1.35 + 1)
    axes.set_xlabel("CPU-ms of the recognizer for each submission")


def _published(axes: Axes, letters: Sequence[Letter]) -> None:
    for place, work in enumerate(KINDS):
        axes.axvspan(place - 0.44, place + 0.44, color=svg.GRID, alpha=0.55, linewidth=0)
        column = [letter for letter in letters if letter.work == work]
        is_left, before = False, 0.0
        for letter in sorted(column, key=lambda letter: letter.ratio):
            is_left = letter.ratio < before * LETTER_ROOM and not is_left
            before = letter.ratio
            axes.plot(place, letter.ratio, "D", color=svg.MUTED, markersize=6)
            axes.annotate(
                letter.letter,
                (place, letter.ratio),
                xytext=(-9 if is_left else 9, 0),
                textcoords="offset points",
                ha="right" if is_left else "left",
                va="center",
                weight="bold",
            )
    axes.set_xticks(range(len(KINDS)), [kind.replace("-", "-\n") for kind in KINDS])
    axes.set_xlim(-0.6, len(KINDS) - 0.4)
    axes.set_xlabel("published, by kind of work")
    axes.grid(visible=False, axis="x")
    axes.tick_params(axis="y", labelleft=False)
    axes.spines["left"].set_visible(False)


def _point_text(point: WorkPoint, amount: Amount) -> str:
    found = amount(point)
    if found.ratio is None:
        return f"{point.work_cpu_ms:g}: not measured"
    text = f"{point.work_cpu_ms:g}: {found.ratio:.3f}"
    if found.low is not None:
        text += f" ({found.low:.3f} to {found.high:.3f})"
    return text
