"""Diagrams: Graphviz text in `diagrams/`, drawn as SVG images in `images/`.

An image follows the light or dark scheme of its viewer and has a background of its own. It carries
a hash of what it was drawn from, so a test finds an image that is out of date on any machine,
whichever fonts it has.
"""

import hashlib
import re
from html import escape
from pathlib import Path

import pygraphviz

from generation.paths import DOCS

FOLDER = DOCS / "diagrams"
STYLE = FOLDER / "style.css"
SOURCES = tuple(sorted(FOLDER.glob("*.dot")))
_OPENING = re.compile(r'<svg width="(?P<width>\d+)pt" height="(?P<height>\d+)pt"')


def image_of(source: Path) -> Path:
    """Return the path of the image that is drawn from a source."""
    return DOCS / "images" / f"{source.stem}.svg"


def graph_of(source: Path) -> "pygraphviz.AGraph":
    """Return the graph. ValueError if the text isn't Graphviz."""
    return pygraphviz.AGraph(string=source.read_text(encoding="utf-8"))


def render(source: Path) -> str:
    """Return the image's text: SVG with a title, a description and the style.

    The graph's attribute `shown_width` scales the image to so many pixels.
    """
    graph = graph_of(source)
    drawn = graph.draw(format="svg", prog="dot").decode()
    body = drawn[drawn.index("<svg") :]
    opening = _OPENING.match(body)
    if opening is None:
        message = f"{source.name}: Graphviz drew no SVG of a known form"
        raise ValueError(message)
    width, height = (int(opening[it]) * 4 / 3 for it in ("width", "height"))  # pt to px
    scale = float(dict(graph.graph_attr).get("shown_width") or width) / width
    title, description = (escape(graph.graph_attr[it]) for it in ("title", "desc"))
    head = (
        f'<svg role="img" aria-labelledby="title desc" width="{width * scale:.0f}"'
        f' height="{height * scale:.0f}"'
    )
    end = body.index(">") + 1
    return (
        f"{head}{body[opening.end() : end]}\n"
        f"<!-- drawn from {fingerprint(source)} -->\n"
        f'<title id="title">{title}</title>\n<desc id="desc">{description}</desc>\n'
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>{body[end:]}"
    )


def fingerprint(source: Path) -> str:
    """Return a hash of a diagram's text and of the style."""
    content = source.read_bytes() + b"\0" + STYLE.read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]


def is_current(source: Path) -> bool:
    """Return whether the image was drawn from the text as it stands now."""
    image = image_of(source)
    return image.exists() and f"drawn from {fingerprint(source)} " in image.read_text()
