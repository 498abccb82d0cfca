"""The small plot on a verdict card: the ratio and its interval against 1, logarithmic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MIDDLE = 260.0, 54.0, 20.0
NARROWEST = 1.2  # the line shows at least 1/1.2 to 1.2


@dataclass(frozen=True, slots=True)
class _Scale:
    """The position of a ratio on the line; 1 is in the middle."""

    reach: float

    def x(self, ratio: float) -> float:
        share = math.log(ratio) / math.log(self.reach)
        return WIDTH / 2 + max(-1.0, min(1.0, share)) * (WIDTH / 2 - 16)


def draw(
    ratio: float | None, low: float | None, high: float | None, blocks: Sequence[float]
) -> str:
    """Return an `<svg>` element, hidden from screen readers: the card has the same as text."""
    values = [value for value in (ratio, low, high, *blocks) if value is not None]
    scale = _Scale(max([NARROWEST, *(max(value, 1 / value) * 1.05 for value in values)]))
    drawn = [
        f'<line x1="10" x2="{WIDTH - 10:.0f}" y1="{MIDDLE}" y2="{MIDDLE}" class="strip-line"/>',
        f'<line x1="{WIDTH / 2}" x2="{WIDTH / 2}" y1="6" y2="38" class="strip-one"/>',
    ]
    if low is not None and high is not None:
        drawn.append(
            f'<rect x="{scale.x(low):.1f}" width="{max(2.0, scale.x(high) - scale.x(low)):.1f}" '
            f'y="{MIDDLE - 7}" height="14" rx="4" class="strip-interval"/>'
        )
    drawn += [
        f'<circle cx="{scale.x(value):.1f}" cy="{MIDDLE}" r="1.8" class="strip-block"/>'
        for value in blocks
    ]
    if ratio is not None:
        drawn.append(
            f'<circle cx="{scale.x(ratio):.1f}" cy="{MIDDLE}" r="4.5" class="strip-ratio"/>'
        )
    for value in (1 / scale.reach, 1.0, scale.reach):
        shown = min(max(value, 1 / scale.reach), scale.reach)
        drawn.append(
            f'<text x="{scale.x(shown):.1f}" y="51" class="strip-text">{_label(value)}</text>'
        )
    body = "".join(drawn)
    return (
        f'<svg class="strip" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" aria-hidden="true">{body}</svg>'
    )


def _label(value: float) -> str:
    """Return a number that is short enough for the edge of the plot."""
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"  # noqa: PLR2004 - three figures
