"""Turns a drawing for inside a page into an SVG file that is readable by itself, light and dark."""

import re

from benchmarks.report.template_environment import STYLE

SCALE = 1.5  # CSS pixels for each point of the drawing, where there is room
CORNER = 6
_DECLARED = re.compile(r"(--[\w-]+): ([^;]+);")
_BOX = re.compile(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')


def figure_file(drawing: str) -> str:
    """Return the file's text: the drawing with its own size, colours and background.

    A file that a page shows by `<img>` sees none of the page's variables. So it brings those of the
    report's style sheet along, for both colour schemes, and a background for the text to stand on.
    """
    light, dark = _schemes(drawing)
    found = _BOX.search(drawing)
    if found is None:
        message = "the drawing has no viewBox"
        raise ValueError(message)
    width, height = float(found["width"]), float(found["height"])
    sized = drawing.replace(
        "<svg", f'<svg width="{width * SCALE:.0f}" height="{height * SCALE:.0f}"', 1
    )
    style = (
        f"<style>:root {{ color-scheme: light dark; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}</style>\n"
        f'<rect width="{width:g}" height="{height:g}" rx="{CORNER}" fill="var(--card)"/>'
    )
    return f"{sized.replace('</desc>', f'</desc>{style}', 1)}\n"


def _schemes(drawing: str) -> tuple[str, str]:
    """The declarations that the drawing uses, of the light and of the dark scheme."""
    light, dark, *_ = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)
    used = {*re.findall(r"var\((--[\w-]+)\)", drawing), "--card"}
    light_text, dark_text = (
        " ".join(f"{name}: {value};" for name, value in _DECLARED.findall(block) if name in used)
        for block in (light, dark)
    )
    return light_text, dark_text
