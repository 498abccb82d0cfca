"""The conversion of a matplotlib figure into SVG inside a page.

Its text uses the page's font, and its colours the page's variables, so that one drawing has the
colours of the light, dark and print styles.
"""

import html
import io
import re
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.report.compact_svg import compact

# Colours that stand for variables of the page; no drawing shows them.
INK = "#010101"
MUTED = "#020202"
GRID = "#030303"
CARD = "#040404"
BAD = "#060606"
HUES = ("first", "second", "third")  # each with shades from 1 on
_SHADES = 3
_KIND_COLOURS = 10
# Kinds of process by role: units have one family of colours, backing services another.
_FIRST_KIND = {"unit": 1, "edge": 5, "backing": 6}
_KINDS = {"unit": 4, "edge": 1, "backing": 5}

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.frameon": False,
    "lines.linewidth": 2,
}


def hue_colour(hue: str, shade: int) -> str:
    """Return the stand-in colour of a shade of a hue."""
    return f"#05{HUES.index(hue):02x}{shade:02x}"


def kind_number(kinds: Sequence[tuple[str, str]], kind: tuple[str, str]) -> int:
    """Return the number of the page's colour for a (role, kind) among all drawn ones."""
    role = kind[0]
    place = [other for other in kinds if other[0] == role].index(kind)
    return _FIRST_KIND[role] + place % _KINDS[role]


def kind_colour(number: int) -> str:
    """Return the stand-in colour of a kind's number."""
    return f"#0707{number:02x}"


def variable_of(stand_in: str) -> str:
    """Return the page's variable for a stand-in colour; KeyError for another colour."""
    return _VARIABLES[stand_in]


_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    CARD: "--card",
    BAD: "--fails",
    **{
        hue_colour(hue, shade): f"--{hue}-{shade}"
        for hue in HUES
        for shade in range(1, _SHADES + 1)
    },
    **{kind_colour(number): f"--kind-{number}" for number in range(1, _KIND_COLOURS + 1)},
}


_FONT = "font-family: var(--font)"


def inline(figure: Figure, *, name: str, title: str, description: str) -> str:
    """Return the figure as an `<svg>` element with a title and description for screen readers.

    `name` must be unique on the page: every id in the drawing begins with it.
    """
    drawn = io.StringIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    text = drawn.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    text = re.sub(r"font-family: [^;\"]+;? ?", "", text)  # matplotlib lists its own at each text
    for stand_in, variable in _VARIABLES.items():
        text = text.replace(stand_in, f"var({variable})")
    opening = text[: text.index(">") + 1]
    labelled = re.sub(r' (width|height)="[^"]*"', "", opening)
    labelled = labelled.replace(
        "<svg",
        f'<svg role="img" aria-labelledby="{name}-title {name}-description" style="{_FONT}"',
        1,
    )
    named = (
        f'{labelled}<title id="{name}-title">{html.escape(title)}</title>'
        f'<desc id="{name}-description">{html.escape(description)}</desc>'
    )
    return compact(text.replace(opening, named, 1))
