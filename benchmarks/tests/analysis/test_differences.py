"""Differences over blocks: few have Student's interval, and none has one by itself."""

import pytest
from scipy import stats

from benchmarks.analysis.differences import difference_over_blocks

PAIRS = [(0.8, 0.5), (0.9, 0.5), (0.7, 0.6), (0.8, 0.4), (0.9, 0.6)]


def test_few_blocks_have_student_s_interval() -> None:
    interval = difference_over_blocks(PAIRS)
    values = [first - second for first, second in PAIRS]
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert interval.difference == pytest.approx(0.3)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))
    assert interval.method == "Student's t over 5 blocks"


def test_many_blocks_have_a_bootstrap() -> None:
    assert "BCa bootstrap over 20" in difference_over_blocks(PAIRS * 4).method


@pytest.mark.parametrize(
    ("pairs", "method"),
    [
        ([], "no pair was counted"),
        ([(0.5, 0.25)], "one pair gives no interval"),
        ([(0.5, 0.25), (0.5, 0.25)], "all pairs are equal"),
    ],
)
def test_too_little_to_scatter(pairs: list[tuple[float, float]], method: str) -> None:
    assert difference_over_blocks(pairs).method == method
