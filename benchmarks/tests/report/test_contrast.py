"""Text and lines have enough contrast with their background, in the light and dark themes."""

import re

import pytest

from benchmarks.report.styles import SHADES
from benchmarks.report.svg import HUES
from benchmarks.report.template_environment import STYLE

CSS = STYLE.read_text()
TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
APART = 1.4  # of two shades of one hue, which differ in their markers too


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})", block))


LIGHT = variables(CSS[: CSS.index("@media")])
DARK = LIGHT | variables(CSS[CSS.index("dark)") : CSS.index("* { box")])
PRINT = LIGHT | variables(CSS[CSS.index("@media print") :])
THEMES = {"light": LIGHT, "dark": DARK, "print": PRINT}


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_the_standard() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21.0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "muted", "first-1") for ground in ("page", "card")),
        ("fails", "card"),
        ("muted", "grid"),
        ("warn", "card"),
        *((it, f"{it}-soft") for it in ("holds", "fails", "open", "warn")),
        *(("card", f"kind-{number}") for number in range(1, 11)),
    ],
)
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    colours = THEMES[theme]
    needed = GRAPHIC if ground.startswith("kind") else TEXT
    assert contrast(colours[text], colours[ground]) >= needed


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", HUES)
def test_lines_contrast_with_the_card_and_with_each_other(theme: str, hue: str) -> None:
    colours = [THEMES[theme][f"{hue}-{shade}"] for shade in range(1, SHADES + 1)]
    for place, colour in enumerate(colours):
        assert contrast(colour, THEMES[theme]["card"]) >= GRAPHIC
        for other in colours[:place]:
            assert contrast(colour, other) >= APART


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_a_theme_defines_every_colour(theme: str) -> None:
    """A print from a dark screen would keep dark colours otherwise."""
    block = CSS[CSS.index("dark)") : CSS.index("* { box")] if theme == "dark" else ""
    block = block or CSS[CSS.index("@media print") :]
    assert {*variables(block)} == {*LIGHT}
