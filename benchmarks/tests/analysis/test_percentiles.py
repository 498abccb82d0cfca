"""Percentiles against the definition, the values each needs, and what their intervals hold."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmarks.analysis.percentiles import (
    interval,
    judged,
    latency,
    over_trials,
    p95_over_trials,
    percentile,
    values_needed,
)

milliseconds = st.floats(min_value=0.001, max_value=1e6, allow_nan=False)


@pytest.mark.parametrize(("q", "needed"), [(50, 2), (90, 10), (95, 20), (99, 100), (99.9, 1000)])
def test_a_percentile_needs_a_value_beyond_it(q: float, needed: int) -> None:
    assert values_needed(q) == needed
    assert percentile([1.0] * (needed - 1), q) is None
    assert percentile([1.0] * needed, q) == 1.0


def test_percentiles_of_one_to_a_hundred() -> None:
    found = latency([float(value) for value in range(101)])
    assert (found.count, found.p50, found.p95, found.p99) == (101, 50.0, 95.0, 99.0)


def test_an_infinite_neighbour_leaves_a_percentile_that_is_one_of_the_values() -> None:
    finite = [float(value) for value in range(1, 21)]
    assert percentile([*finite, math.inf], 95) == 20.0, "the 20th of 21 is the percentile itself"
    assert percentile([*finite[:-1], math.inf, math.inf], 95) is None


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


@pytest.mark.slow
@settings(max_examples=12)
@given(
    st.sampled_from([stats.expon(scale=300), stats.lognorm(1.0, scale=200)]),
    st.sampled_from([(50, 12), (50, 101), (95, 80), (95, 400), (99, 500)]),
    st.integers(0, 2**32 - 1),
)
def test_an_interval_holds_a_known_percentile_as_often_as_it_claims(
    source: stats.distributions.rv_frozen, requested: tuple[int, int], seed: int
) -> None:
    """Whatever the shape; never much less than 95 %, and more only for the ranks being whole."""
    q, count = requested
    truth, random, runs = float(source.ppf(q / 100)), np.random.default_rng(seed), 600
    held = 0
    for values in source.rvs(size=(runs, count), random_state=random):
        found = interval(values.tolist(), q)
        assert found is not None
        held += found[0] <= truth <= found[1]
    assert held / runs >= 0.95 - 4 * math.sqrt(0.95 * 0.05 / runs)
    assert held < runs, "an interval that always holds is too wide to be of use"


@pytest.mark.parametrize(("q", "needed"), [(50, 6), (90, 36), (95, 72), (99, 368)])
def test_an_interval_needs_values_far_enough_out(q: float, needed: int) -> None:
    values = [float(value) for value in range(needed)]
    assert interval(values[:-1], q) is None
    found = interval(values, q)
    assert found is not None
    assert found[1] == needed - 1


def test_the_ranks_of_an_interval_are_those_of_the_table() -> None:
    """The median of 10 and of 20 values: ranks 2 to 9, and 6 to 15 (Conover 1999, table A3)."""
    assert interval([float(rank) for rank in range(10, 0, -1)], 50) == (2, 9)
    assert interval([float(rank) for rank in range(1, 21)], 50) == (6, 15)


@given(st.lists(milliseconds, min_size=72, max_size=300))
def test_an_interval_is_about_its_percentile_and_wider_with_more_confidence(
    values: list[float],
) -> None:
    found, wider = interval(values, 95), interval(values, 95, confidence=0.99)
    p95 = percentile(values, 95)
    assert found is not None
    assert p95 is not None
    assert found[0] <= p95 <= found[1]
    assert {*found} <= {*values}
    if wider is not None:
        assert wider[0] <= found[0] <= found[1] <= wider[1]


@pytest.mark.parametrize(("q", "confidence"), [(0, 0.95), (100, 0.95), (95, 1), (95, 0)])
def test_an_interval_that_there_can_not_be_is_an_error(q: float, confidence: float) -> None:
    with pytest.raises(ValueError, match="interval"):
        interval([1.0] * 500, q, confidence)


@pytest.mark.slow
@pytest.mark.parametrize("trials", [2, 3, 8])
def test_the_interval_over_trials_holds_a_known_value_in_95_of_100(trials: int) -> None:
    random, runs = np.random.default_rng(trials), 3000
    held = 0
    for _ in range(runs):
        found = over_trials(np.exp(random.normal(math.log(250), 0.2, size=trials)).tolist())
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 250 <= found.high
    assert held / runs == pytest.approx(0.95, abs=0.015)


@given(st.lists(milliseconds, min_size=2, max_size=12), st.floats(0.1, 10))
def test_the_value_over_trials_is_the_geometric_mean_and_scales(
    values: list[float], factor: float
) -> None:
    found, scaled = over_trials(values), over_trials([value * factor for value in values])
    assert found.mean == pytest.approx(statistics.geometric_mean(values))
    assert found.trials == len(values)
    assert scaled.mean == pytest.approx(found.mean * factor)  # type: ignore[operator]
    assert scaled.low == pytest.approx(found.low * factor, rel=1e-6)  # type: ignore[operator]


def test_the_interval_over_trials_is_that_of_the_table() -> None:
    """t(0.975, 2 degrees) = 4.3027, on logs with mean 5 and standard deviation 0.1."""
    found = over_trials([math.exp(4.9), math.exp(5.0), math.exp(5.1)])
    reach = 4.3027 * 0.1 / math.sqrt(3)
    assert found.low == pytest.approx(math.exp(5 - reach), rel=1e-4)
    assert found.high == pytest.approx(math.exp(5 + reach), rel=1e-4)


def test_fewer_than_two_trials_give_no_interval() -> None:
    one, none = over_trials([250.0]), over_trials([])
    assert one.mean == pytest.approx(250.0)
    assert (one.low, one.high, one.trials) == (None, None, 1)
    assert (none.mean, none.low, none.trials) == (None, None, 0)


def test_a_percentile_that_a_verdict_rests_on_is_missing_or_infinite() -> None:
    """100 flows are enough for a p95: six of them that never end make it infinite, not missing."""
    few, all_ended = latency([5.0] * 99), latency([5.0] * 100)
    assert judged(few, 95) is None
    assert judged(all_ended, 95) == 5.0
    assert judged(latency([5.0] * 95 + [math.inf] * 5), 95) == math.inf
    assert judged(latency([5.0] * 95 + [math.inf] * 5), 50) == 5.0
    assert judged(latency([math.inf] * 99), 95) is None


def test_a_p95_that_never_ended_leaves_no_mean_over_trials() -> None:
    ended, never = latency([200.0] * 100), latency([200.0] * 90 + [math.inf] * 10)
    assert p95_over_trials([ended, ended]).mean == pytest.approx(200.0)
    found = p95_over_trials([ended, ended, never])
    assert (found.mean, found.low, found.high, found.trials) == (None, None, None, 3)
    few = latency([math.inf] * 19)
    assert p95_over_trials([ended, few]).trials == 1, "too few rows have no p95"


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_a_trial_s_value_that_is_none_is_an_error(bad: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        over_trials([250.0, bad])
