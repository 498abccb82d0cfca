"""Intervals of means: Student's for few values, the bootstrap for many, and none for one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmarks.analysis.intervals import BCA_FROM, mean_interval

VALUES = [0.3, 0.4, 0.1, 0.4, 0.3]


def test_few_values_have_student_s_interval() -> None:
    found = mean_interval(VALUES)
    expected = stats.ttest_1samp(VALUES, 0).confidence_interval(0.95)
    assert found.mean == pytest.approx(0.3)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.method == "Student's t over 5 blocks"


def test_student_s_interval_is_that_of_the_table() -> None:
    """t(0.975, 2 degrees) = 4.3027, on values with mean 0.1 and standard deviation 0.02."""
    found = mean_interval([0.08, 0.10, 0.12])
    reach = 4.3027 * 0.02 / math.sqrt(3)
    assert found.low == pytest.approx(0.1 - reach, rel=1e-4)
    assert found.high == pytest.approx(0.1 + reach, rel=1e-4)


@pytest.mark.parametrize("count", [2, BCA_FROM - 1])
def test_the_bootstrap_is_never_used_for_few(count: int) -> None:
    assert "Student's t" in mean_interval([*map(float, range(count))]).method


def test_more_confidence_is_wider_by_the_bootstrap_too() -> None:
    values = [1 + number / 50 for number in range(BCA_FROM)]
    wide, narrow = mean_interval(values, confidence=0.995), mean_interval(values)
    low, high = wide.low, wide.high
    assert low is not None
    assert high is not None
    assert narrow.low is not None
    assert narrow.high is not None
    assert low < narrow.low < narrow.high < high


def test_many_values_have_a_bootstrap_and_their_own_name() -> None:
    found = mean_interval(VALUES * 4, per="fault")
    assert found.method == f"BCa bootstrap over {BCA_FROM} faults"


@pytest.mark.parametrize(
    ("values", "method"), [([], "no block was counted"), ([1.0], "one block gives no interval")]
)
def test_too_few_have_no_interval(values: list[float], method: str) -> None:
    found = mean_interval(values)
    assert (found.low, found.high, found.method) == (None, None, method)
    assert found.mean == (1.0 if values else None)


@settings(max_examples=20)
@given(st.integers(2, 30), st.floats(-5, 5))
def test_equal_values_are_their_own_interval(count: int, value: float) -> None:
    found = mean_interval([value] * count)
    assert [found.mean, found.low, found.high] == pytest.approx([value] * 3)


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=8), st.floats(0.5, 0.94))
def test_more_confidence_is_never_narrower(values: list[float], confidence: float) -> None:
    wide, narrow = mean_interval(values), mean_interval(values, confidence=confidence)
    assert None not in (wide.low, wide.high, narrow.low, narrow.high)
    assert wide.low <= narrow.low + 1e-9  # type: ignore[operator]
    assert narrow.high <= wide.high + 1e-9  # type: ignore[operator]


def test_the_same_values_give_the_same_interval() -> None:
    values = [1.0 + n / 50 for n in range(BCA_FROM)]
    assert mean_interval(values) == mean_interval(values)


@pytest.mark.parametrize(("blocks", "runs", "at_least"), [(3, 1500, 0.93), (20, 100, 0.85)])
def test_a_known_mean_is_covered(blocks: int, runs: int, at_least: float) -> None:
    """Normal noise of 0.03 about a true mean of 0.18, as log ratios of trials have it."""
    noise = np.random.default_rng(7)
    covered = 0
    for _ in range(runs):
        found = mean_interval([*noise.normal(0.18, 0.03, size=blocks)])
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 0.18 <= found.high
    assert covered / runs >= at_least
    assert covered < runs, "an interval that always covers is too wide to be of use"
