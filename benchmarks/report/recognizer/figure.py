"""The figure of the recognizer's measurements: time of an image by its size, and of its parts."""

from collections.abc import Sequence

import matplotlib as mpl

from benchmarks.report import svg
from benchmarks.report.figures import canvas
from benchmarks.report.figures.curves import DASHED, DOTTED, SOLID
from benchmarks.report.formats import number
from benchmarks.results_model.recognizer import ImageTime, RecognizerResults

SIZE = (4.3, 3.2)  # inches: the labels stay readable on a phone
MEGAPIXEL = 1e6
LINES = (  # field, label, hue, dashes, marker
    ("wall_ms", "all", "first", SOLID, "o"),
    ("normalize_ms", "decoding and encoding", "second", DASHED, "s"),
    ("recognize_ms", "recognition", "third", DOTTED, "^"),
)


def figure(found: RecognizerResults, *, name: str = "recognizer") -> str:
    """Return an SVG: the milliseconds of an image over its megapixels, with one thread."""
    images = [it for it in found.images if it.threads == 1]
    with mpl.rc_context(svg.STYLE):
        drawing = canvas.figure(SIZE)
        axes = drawing.add_subplot()
        for field, label, hue, dashes, marker in LINES:
            axes.plot(
                [megapixels(it) for it in images],
                [getattr(it, field).mean for it in images],
                color=svg.hue_colour(hue, 1),
                linestyle=dashes,
                marker=marker,
                markersize=5,
                label=label,
            )
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.set_xticks([megapixels(it) for it in images], [it.size for it in images])
        canvas.logarithmic_y(axes)
        axes.set_xlabel("size of the image")
        axes.set_ylabel("ms for an image")
        drawing.legend(loc="outside upper left", ncols=len(LINES))
        return svg.inline(
            drawing,
            name=name,
            title="Time of an image by its size, and of its parts",
            description=_text(images),
        )


def megapixels(image: ImageTime) -> float:
    """Return the millions of pixels of an image."""
    return image.width * image.height / MEGAPIXEL


def _text(images: Sequence[ImageTime]) -> str:
    lines = (
        f"{label}: " + ", ".join(f"{it.size} {number(getattr(it, field).mean)}" for it in images)
        for field, label, *_ in LINES
    )
    return f"Milliseconds of an image by size, with one thread. {'; '.join(lines)}."
