"""A smaller drawing shows the same: dots, places, colours, texts."""

import re

import pytest

from benchmarks.report import svg
from benchmarks.report.compact_svg import compact
from benchmarks.report.figures import canvas

# As matplotlib writes a dot of a radius of 1.2247 at (72.929012, 77.405199).
DOT = """<path d="M 72.929012 78.629944
C 73.253819 78.629944 73.565365 78.500897 73.795038 78.271225
C 74.02471 78.041552 74.153757 77.730005 74.153757 77.405199
C 74.153757 77.080393 74.02471 76.768846 73.795038 76.539174
C 73.565365 76.309501 73.253819 76.180454 72.929012 76.180454
C 72.604206 76.180454 72.29266 76.309501 72.062987 76.539174
C 71.833314 76.768846 71.704268 77.080393 71.704268 77.405199
C 71.704268 77.730005 71.833314 78.041552 72.062987 78.271225
C 72.29266 78.500897 72.604206 78.629944 72.929012 78.629944
z
" clip-path="url(#a-clip)" style="fill: var(--first-1)"/>"""


def test_a_dot_becomes_a_circle_at_its_place() -> None:
    assert compact(DOT) == (
        '<circle cx="72.93" cy="77.41" r="1.22" clip-path="url(#a-clip)" '
        'style="fill: var(--first-1)"/>'
    )


def test_a_closed_curve_that_is_no_circle_stays_a_path() -> None:
    drawn = compact(DOT.replace("74.153757 77.405199", "75.153757 77.405199"))
    assert drawn.startswith('<path d="M72.93 78.63C73.25 78.63')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<use x="0.000125" y="-0.00001"/>', '<use x="0.0001" y="0"/>'),
        ('<path d="M 0 0 \nL -3.14159 20.5 \n"/>', '<path d="M0 0L-3.14 20.5"/>'),
        ("<text>0.123456</text>", "<text>0.123456</text>"),
        ('<text x="1.23456" transform="rotate(-0 1.2 3.4)">a</text>', '<text x="1.23">a</text>'),
        (
            '<text transform="rotate(-90 1.23456 3.4)">a</text>',
            '<text transform="rotate(-90 1.23 3.4)">a</text>',
        ),
    ],
)
def test_places_have_two_decimals_and_texts_are_left(before: str, after: str) -> None:
    assert compact(before) == after


def test_what_marks_share_stands_at_their_group() -> None:
    mark = '<use xlink:href="#a-m" x="{}" y="2" style="fill: red"/>'
    drawn = compact(
        f'<g id="a-marks">{mark.format(1)}\n{mark.format(3)}</g><path id="a-m" d="M0 0"/>'
    )
    assert drawn.startswith(
        '<g style="fill: red"><use xlink:href="#a-m" x="1" y="2"/>'
        '<use xlink:href="#a-m" x="3" y="2"/></g>'
    )


def test_marks_that_differ_keep_what_they_have() -> None:
    marks = '<use x="1" style="fill: red"/><use x="2" style="fill: blue"/>'
    assert compact(f'<g clip-path="url(#a)">{marks}</g>') == (f'<g clip-path="url(#a)">{marks}</g>')


def test_groups_that_set_nothing_go_and_those_that_are_referred_to_stay() -> None:
    drawn = compact('<g id="a-1"><g id="a-2">\n<text>a</text></g></g><g id="a-3"><rect/></g>#a-3 ')
    assert drawn == '<text>a</text><g id="a-3"><rect/></g>#a-3'


def test_a_drawing_keeps_its_dots_texts_and_references() -> None:
    drawing = canvas.figure(canvas.HALF)
    axes = drawing.add_subplot()
    axes.scatter(
        range(40), range(40), s=[6.0 + it for it in range(40)], color=svg.INK, linewidths=0
    )
    axes.plot(range(40), range(40), "x", color=svg.MUTED)
    axes.set_title("A title")
    drawn = svg.inline(drawing, name="a", title="Dots", description="Forty of them.")
    assert drawn.count("<circle") == 40
    radii = [float(it) for it in re.findall(r'<circle [^>]*r="([0-9.]+)"', drawn)]
    assert radii == sorted(radii)
    assert ">A title</text>" in drawn
    assert drawn.count("font-family") == 1, "once for all texts"
    crosses = re.findall(r'<use xlink:href="#(a-[^"]+)" x="[^"]+" y="[^"]+"/>', drawn)
    assert len(crosses) == 40
    ids = set(re.findall(r'\bid="([^"]+)"', drawn))
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', drawn))
    assert used <= ids, "nothing that is referred to was taken away"
    assert len(drawn) < 12_000
