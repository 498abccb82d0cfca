"""The small plot of a claim: equality in the middle, and all that is drawn within its line."""

import re

from benchmarks.report.interval_plot import WIDTH, Estimate, draw


def drawn(value: float, low: float, high: float, *, smallest: float, is_ratio: bool) -> str:
    found = Estimate(value, low, high, smallest, [(value, False), (high, True)], is_ratio)
    return draw(found, label=lambda value: f"{value:.2f}")


def at(text: str, style: str, attribute: str = "cx") -> list[float]:
    """Return where the marks of a style are."""
    marks = re.findall(rf'<[^>]*class="{style}"[^>]*>', text)
    return [float(re.findall(rf' {attribute}="([-\d.]+)"', mark)[0]) for mark in marks]


def test_a_ratio_and_its_inverse_are_as_far_from_the_middle() -> None:
    above = drawn(1.25, 1.1, 1.4, smallest=0.05, is_ratio=True)
    below = drawn(1 / 1.25, 1 / 1.4, 1 / 1.1, smallest=0.05, is_ratio=True)
    (right,), (left,) = at(above, "strip-ratio"), at(below, "strip-ratio")
    assert right - WIDTH / 2 > 10
    assert abs((right - WIDTH / 2) + (left - WIDTH / 2)) < 0.2


def test_a_difference_has_0_in_the_middle() -> None:
    (place,) = at(drawn(0.0, -0.1, 0.1, smallest=0.02, is_ratio=False), "strip-ratio")
    assert place == WIDTH / 2
    assert ">0.00</text>" in drawn(0.0, -0.1, 0.1, smallest=0.02, is_ratio=False)


def test_what_does_not_matter_is_a_band_around_equality() -> None:
    text = drawn(1.02, 0.99, 1.04, smallest=0.05, is_ratio=True)
    (band,), (width,) = at(text, "strip-band", "x"), at(text, "strip-band", "width")
    (start,), (reach,) = at(text, "strip-interval", "x"), at(text, "strip-interval", "width")
    assert abs(band + width / 2 - WIDTH / 2) < 0.2
    assert band < start
    assert start + reach < band + width, "an interval within the band lies within it"


def test_the_band_ends_at_the_smallest_effect_that_matters() -> None:
    for value, smallest, is_ratio in ((1.05, 0.05, True), (0.02, 0.02, False)):
        text = drawn(value, value, value * 1.01, smallest=smallest, is_ratio=is_ratio)
        (band,), (width,) = at(text, "strip-band", "x"), at(text, "strip-band", "width")
        (place,) = at(text, "strip-ratio")
        assert abs(band + width - place) < 0.2


def test_everything_lies_on_the_line() -> None:
    for value, low, high in ((30.0, 0.1, 4000.0), (1.0, 0.99, 1.01)):
        text = drawn(value, low, high, smallest=0.05, is_ratio=True)
        for style in ("strip-ratio", "strip-block", "strip-block disturbed"):
            assert all(0 < place < WIDTH for place in at(text, style)), style
