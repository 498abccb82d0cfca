"""The small plot on a claim's card: the value, its interval and its blocks, against equality.

Equality is in the middle: 1 of a ratio, on a logarithmic line, or 0 of a difference. The band
around it are the effects that don't matter.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MIDDLE = 260.0, 54.0, 20.0
EDGE = 16.0
BAND_SHARE = 1 / 4  # of half the line, at most: what doesn't matter
BEYOND = 1.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, and each block's value with whether other work disturbed it.

    `smallest` is the smallest effect that matters: a ratio minus 1, or a difference.
    """

    value: float
    low: float | None
    high: float | None
    smallest: float
    blocks: Sequence[tuple[float, bool]]
    is_ratio: bool

    def effect(self, value: float) -> float:
        """Return how far a value is from equality: the logarithm of a ratio, or the difference."""
        return math.log(value) if self.is_ratio else value

    def value_of(self, effect: float) -> float:
        """Return the ratio or difference of an effect."""
        return math.exp(effect) if self.is_ratio else effect


def draw(found: Estimate, label: Callable[[float], str]) -> str:
    """Return an `<svg>` element, hidden from screen readers: the card has the same as text."""
    least = math.log1p(found.smallest) if found.is_ratio else found.smallest
    ends = [end for end in (found.low, found.high) if end is not None]
    values = [found.value, *ends, *(value for value, _ in found.blocks)]
    reach = max([least / BAND_SHARE, *(abs(found.effect(value)) * BEYOND for value in values)])

    def x(effect: float) -> float:
        return WIDTH / 2 + effect / reach * (WIDTH / 2 - EDGE)

    drawn = [
        _bar("strip-band", x(-least), x(least), top=6, height=32),
        f'<line x1="10" x2="{WIDTH - 10:.0f}" y1="{MIDDLE}" y2="{MIDDLE}" class="strip-line"/>',
        f'<line x1="{WIDTH / 2}" x2="{WIDTH / 2}" y1="6" y2="38" class="strip-one"/>',
    ]
    if found.low is not None and found.high is not None:
        low, high = (x(found.effect(end)) for end in (found.low, found.high))
        drawn.append(_bar("strip-interval", low, high, top=MIDDLE - 7, height=14))
    for value, is_disturbed in found.blocks:
        style = "strip-block disturbed" if is_disturbed else "strip-block"
        drawn.append(_dot(style, x(found.effect(value)), 1.8))
    drawn.append(_dot("strip-ratio", x(found.effect(found.value)), 4.5))
    for effect, anchor in ((-reach, "start"), (0.0, "middle"), (reach, "end")):
        at = {"start": 2.0, "middle": WIDTH / 2, "end": WIDTH - 2}[anchor]
        text = label(found.value_of(effect))
        drawn.append(
            f'<text x="{at:.1f}" y="51" class="strip-text" text-anchor="{anchor}">{text}</text>'
        )
    body = "".join(drawn)
    return (
        f'<svg class="strip" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" aria-hidden="true">{body}</svg>'
    )


def _bar(style: str, low: float, high: float, *, top: float, height: float) -> str:
    return (
        f'<rect x="{low:.1f}" width="{max(2.0, high - low):.1f}" y="{top:g}" height="{height:g}" '
        f'rx="4" class="{style}"/>'
    )


def _dot(style: str, x: float, radius: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{MIDDLE}" r="{radius}" class="{style}"/>'
