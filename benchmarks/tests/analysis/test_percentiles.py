"""Percentiles against the definition, and the rule on how many values each needs."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis.percentiles import latency, percentile, values_needed

milliseconds = st.floats(min_value=0.001, max_value=1e6, allow_nan=False)


@pytest.mark.parametrize(("q", "needed"), [(50, 2), (90, 10), (95, 20), (99, 100), (99.9, 1000)])
def test_a_percentile_needs_a_value_beyond_it(q: float, needed: int) -> None:
    assert values_needed(q) == needed
    assert percentile([1.0] * (needed - 1), q) is None
    assert percentile([1.0] * needed, q) == 1.0


def test_percentiles_of_one_to_a_hundred() -> None:
    found = latency([float(value) for value in range(101)])
    assert (found.count, found.p50, found.p95, found.p99) == (101, 50.0, 95.0, 99.0)


def test_nothing_measured_gives_nothing() -> None:
    found = latency([])
    assert (found.count, found.mean, found.p50) == (0, None, None)


@given(st.lists(milliseconds, min_size=100, max_size=300))
def test_percentiles_are_ordered_and_within_the_values(values: list[float]) -> None:
    found = latency(values)
    assert found.p50 is not None
    assert found.p95 is not None
    assert found.p99 is not None
    assert min(values) <= found.p50 <= found.p95 <= found.p99 <= max(values)
    assert found.p50 == pytest.approx(statistics.median(values))


@given(st.lists(milliseconds, min_size=20, max_size=60), st.floats(0.1, 10))
def test_a_percentile_scales_with_its_values(values: list[float], factor: float) -> None:
    scaled = percentile([value * factor for value in values], 95)
    assert scaled == pytest.approx(percentile(values, 95) * factor)  # type: ignore[operator]
