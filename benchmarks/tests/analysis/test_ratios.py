"""Ratio intervals: their symmetries, and their coverage of ratios that are known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.analysis.ratios import (
    BCA_FROM_BLOCKS,
    RatioInterval,
    Side,
    Verdict,
    ratio_interval,
    verdict,
)

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


def test_few_blocks_use_student_and_many_the_bootstrap() -> None:
    values = [(1.0 + n / 100, 1.0) for n in range(BCA_FROM_BLOCKS)]
    assert "Student's t" in ratio_interval(values[:-1]).method
    assert "BCa" in ratio_interval(values).method


def test_student_s_interval_is_that_of_the_table() -> None:
    """t(0.975, 2 degrees) = 4.3027, on logs with mean 0.1 and standard deviation 0.02."""
    logs = [0.08, 0.10, 0.12]
    found = ratio_interval([(math.exp(log), 1.0) for log in logs])
    reach = 4.3027 * 0.02 / math.sqrt(3)
    assert found.low == pytest.approx(math.exp(0.1 - reach), rel=1e-4)
    assert found.high == pytest.approx(math.exp(0.1 + reach), rel=1e-4)


@pytest.mark.parametrize(("blocks", "runs", "at_least"), [(3, 1500, 0.93), (20, 100, 0.85)])
def test_a_known_ratio_is_covered(blocks: int, runs: int, at_least: float) -> None:
    """Log-normal noise of 3 % about a true ratio of 1.2, as trials have it."""
    noise = np.random.default_rng(7)
    covered = 0
    for _ in range(runs):
        logs = noise.normal(math.log(1.2), 0.03, size=blocks)
        found = ratio_interval([(math.exp(log), 1.0) for log in logs])
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 1.2 <= found.high
    assert covered / runs >= at_least
    assert covered < runs, "an interval that always covers is too wide to be of use"


def test_the_same_blocks_give_the_same_interval() -> None:
    values = [(1.0 + n / 50, 1.1) for n in range(20)]
    assert ratio_interval(values) == ratio_interval(values)


@pytest.mark.parametrize("bad", [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0), (math.nan, 1.0)])
def test_a_trial_that_measured_nothing_has_no_ratio(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        ratio_interval([(1.0, 1.0), bad])


@settings(max_examples=20)
@given(st.integers(2, 12))
def test_equal_blocks_need_no_interval(count: int) -> None:
    found = ratio_interval([(2.0, 1.0)] * count)
    assert [found.ratio, found.low, found.high] == pytest.approx([2.0, 2.0, 2.0])


@pytest.mark.parametrize(
    ("low", "high", "side", "expected"),
    [
        (0.80, 0.95, Side.BELOW, Verdict.HOLDS),
        (0.80, 0.95, Side.ABOVE, Verdict.DOES_NOT_HOLD),
        (1.05, 1.20, Side.ABOVE, Verdict.HOLDS),
        (1.05, 1.20, Side.BELOW, Verdict.DOES_NOT_HOLD),
        (0.99, 1.20, Side.ABOVE, Verdict.TOO_CLOSE),
        (0.90, 1.00, Side.BELOW, Verdict.TOO_CLOSE),
        (None, None, Side.ABOVE, Verdict.TOO_CLOSE),
    ],
)
def test_verdicts(low: float | None, high: float | None, side: Side, expected: Verdict) -> None:
    assert verdict(RatioInterval(1.0, low, high, "", ()), side) is expected


@pytest.mark.parametrize("count", [0, 1])
def test_without_two_blocks_nothing_is_called(count: int) -> None:
    found = ratio_interval([(2.0, 1.0)] * count)
    assert found.low is None
    expected = Verdict.TOO_CLOSE if count else Verdict.NOT_MEASURED
    assert verdict(found, Side.ABOVE) is expected
