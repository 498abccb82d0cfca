"""The styles of arms in figures: a hue for the architecture, a shade and a marker for the arm.

Two arms of one figure never share a marker, so that it can be read without colours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from benchmarks.report import svg

SHADES = 3  # of each hue; see page.css
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_HUES = {"monolith": "first", "microservices": "second", "floor": "third"}
_SHAPES = {
    "o": '<circle cx="15" cy="7" r="4"/>',
    "s": '<rect x="11.2" y="3.2" width="7.6" height="7.6"/>',
    "^": '<path d="M15 2.4l4.6 8.4h-9.2z"/>',
    "D": '<path d="M15 2l5 5-5 5-5-5z"/>',
    "v": '<path d="M15 11.6l4.6-8.4h-9.2z"/>',
    "P": '<path d="M13.4 3h3.2v2.4H19v3.2h-2.4V11h-3.2V8.6H11V5.4h2.4z"/>',
    "X": '<path d="M12 2.6l3 3 3-3 1.4 1.4-3 3 3 3-1.4 1.4-3-3-3 3-1.4-1.4 3-3-3-3z"/>',
}


@dataclass(frozen=True, slots=True)
class Style:
    """The colour and marker of one arm; `colour` stands for a variable of the page."""

    colour: str
    marker: str

    @property
    def variable(self) -> str:
        """Return the page's variable for the colour."""
        return svg.variable_of(self.colour)

    @property
    def key(self) -> Markup:
        """Return the arm's line and marker for a legend, hidden from screen readers."""
        return Markup(  # noqa: S704 - nothing here comes from outside
            f'<svg class="key" viewBox="0 0 30 14" aria-hidden="true" '
            f'style="color: var({self.variable})">'
            f'<path class="key-line" d="M1 7h28"/>{_SHAPES[self.marker]}</svg>'
        )


class Styled(Protocol):
    """What has a style: an arm, or a group of arms."""

    @property
    def name(self) -> str:
        """The name, unique within a figure."""

    @property
    def architecture(self) -> str:
        """The architecture, which has a hue."""


def styles_of(arms: Iterable[Styled]) -> dict[str, Style]:
    """Return a style by arm name.

    Architectures that have no hue of their own (two external targets) get the hues in turn.
    """
    found: dict[str, Style] = {}
    used: dict[str, int] = {}
    for place, arm in enumerate(arms):
        hue = _HUES.get(arm.architecture) or ("first", "second")[place % 2]
        shade = used.get(hue, 0)
        used[hue] = shade + 1
        marker = MARKERS[place % len(MARKERS)]
        found[arm.name] = Style(svg.hue_colour(hue, shade % SHADES + 1), marker)
    return found
