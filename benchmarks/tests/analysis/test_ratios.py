"""Ratio intervals: their symmetries."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis.ratios import ratio_interval

amount = st.floats(min_value=1.0, max_value=1000.0)
pairs = st.lists(st.tuples(amount, amount), min_size=2, max_size=8)


@given(pairs)
def test_the_interval_holds_the_ratio_which_is_the_geometric_mean(
    values: list[tuple[float, float]],
) -> None:
    found = ratio_interval(values)
    assert found.ratio is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.ratio * (1 + 1e-9)
    assert found.ratio <= found.high * (1 + 1e-9)
    logs = [math.log(a / b) for a, b in values]
    assert math.log(found.ratio) == pytest.approx(sum(logs) / len(logs), abs=1e-9)


@given(pairs)
def test_turning_the_arms_round_turns_the_interval_round(
    values: list[tuple[float, float]],
) -> None:
    one, other = ratio_interval(values), ratio_interval([(b, a) for a, b in values])
    assert one.ratio is not None
    assert other.ratio is not None
    assert one.ratio == pytest.approx(1 / other.ratio)
    assert one.low == pytest.approx(1 / other.high)  # type: ignore[operator]


@given(pairs, st.floats(0.5, 2.0))
def test_a_machine_that_drifts_by_blocks_changes_nothing(
    values: list[tuple[float, float]], drift: float
) -> None:
    drifted = [(a * drift**n, b * drift**n) for n, (a, b) in enumerate(values)]
    assert ratio_interval(drifted).ratio == pytest.approx(ratio_interval(values).ratio)


@pytest.mark.parametrize("bad", [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0), (math.nan, 1.0)])
def test_a_trial_that_measured_nothing_has_no_ratio(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        ratio_interval([(1.0, 1.0), bad])


@pytest.mark.parametrize("count", [0, 1])
def test_without_two_blocks_there_is_no_interval(count: int) -> None:
    found = ratio_interval([(2.0, 1.0)] * count)
    assert (found.ratio, found.low, found.high) == (2.0 if count else None, None, None)
