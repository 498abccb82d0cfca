"""The stacked bars: their numbers."""

import pytest

from benchmarks.report.figures import stacked_bars


@pytest.mark.parametrize(
    ("value", "longest", "expected"),
    [
        (1025.4, 1130.0, "1\u202f025"),
        (88.04, 88.04, "88.0"),
        (7.0, 88.0, "7.0"),
        (99.6, 1e3, "100"),
    ],
)
def test_all_bars_have_the_same_decimal_places(value: float, longest: float, expected: str) -> None:
    """Three significant digits were "1.02e+03", and another precision for each bar."""
    assert stacked_bars._number(value, longest) == expected
