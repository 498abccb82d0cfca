"""The curve of a fit: its peak, its bounds, its caveats."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.analysis.saturation import Point
from benchmarks.analysis.usl import Interval, UslRefusal, fit
from benchmarks.analysis.usl_curve import Curve, likeliest
from benchmarks.tests.analysis.usl_samples import (
    LEVELS,
    counted,
    exact,
    fitted,
    holds,
    law,
    value_of,
)


def test_the_curve_is_drawn_over_what_was_measured() -> None:
    found = fitted([exact(6, 0.1, 0.005)])
    users = [n for n, _ in found.curve]
    assert users == sorted(users)
    assert (users[0], users[-1]) == pytest.approx((1, 32))
    assert [x for _, x in found.curve] == pytest.approx(
        [law(n, 6, 0.1, 0.005) for n in users], rel=1e-3
    )


def test_a_poor_fit_has_a_caveat() -> None:
    """Throughput that rises in a line and then stands still has a corner that no curve has."""
    corner = [Point(n, min(n, 8) * 1000, 100.0) for n in LEVELS]
    found = fitted([corner])
    assert found.largest_miss > 0.1
    assert found.r_squared < 0.99
    assert found.caveats[0].startswith(f"the curve misses a level by {found.largest_miss:.0%}")


def test_a_peak_that_was_not_reached_has_a_caveat() -> None:
    found = fitted([exact(6, 0.5, 0.0002)])
    assert found.peak_users.value == pytest.approx(50, rel=0.01)
    assert found.caveats == ("the peak lies beyond the 32 users measured: an extrapolation",)


def test_a_level_of_no_time_is_left_out_of_a_fit() -> None:
    users = np.array([1.0, 2, 4, 8, 16, 32, 64])
    seconds = np.array([10.0] * 6 + [0.0])
    completed = np.array([law(n, 6, 0.1, 0.005) for n in users]) * seconds
    found = likeliest(users, completed, seconds)
    assert found == likeliest(users[:-1], completed[:-1], seconds[:-1])
    assert isinstance(found, Curve)


def test_throughput_that_only_falls_peaks_at_one_user() -> None:
    crossed = fitted([exact(20, 0.5, 2)])  # by the formula at half a user
    assert crossed.peak_users.value == 1
    assert crossed.peak_throughput.value == pytest.approx(20, rel=1e-3)
    falling = fitted([[Point(n, round(1000 / (1 + 0.5 * (n - 1))), 10.0) for n in LEVELS]])
    assert falling.peak_users.value == 1
    assert falling.sigma.value == 1
    assert falling.peak_throughput.value == falling.one_user_throughput.value


def test_without_coherency_there_is_no_peak_and_an_open_interval() -> None:
    random, levels = np.random.default_rng(2), (*LEVELS, 64)
    found = fitted([exact(6, 0.5, 0, levels=levels)])
    assert found.kappa.value == pytest.approx(0, abs=1e-6)
    assert found.peak_throughput.value == pytest.approx(6 / 0.5, rel=0.01)
    fits = [
        fitted(counted(random, 6, 0.6, 0, trials=5, levels=levels, seconds=60)) for _ in range(10)
    ]
    without = [it for it in fits if it.kappa.value == 0]
    assert without
    assert all(it.peak_users.value is None and it.caveats == () for it in without)
    assert sum(holds(it.peak_users, math.inf) for it in fits) >= 8
    assert sum(holds(it.kappa, 0) for it in fits) >= 8
    assert all(holds(it.kappa, 0) and holds(it.peak_users, math.inf) for it in without)


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(12.04, 41.0), "12 to 41"),
        (Interval(12.04, None), "12 or more"),
        (Interval(None, None), "no limit"),
    ],
)
def test_an_open_interval_is_written_in_words(interval: Interval, words: str) -> None:
    assert interval.words() == words


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(st.integers(10, 3000), min_size=12, max_size=12))
def test_whatever_was_counted_ends_in_a_fit_within_its_bounds_or_in_words(
    counts: list[int],
) -> None:
    trials = [
        [Point(n, count, 10.0) for n, count in zip(LEVELS, half, strict=True)]
        for half in (counts[:6], counts[6:])
    ]
    found = fit(trials)
    if isinstance(found, UslRefusal):
        assert found.reason
        return
    assert value_of(found.one_user_throughput) > 0
    for measure, least, most in (
        (found.one_user_throughput, 0, math.inf),
        (found.sigma, 0, 1),
        (found.kappa, 0, math.inf),
        (found.peak_users, 1, math.inf),
        (found.peak_throughput, 0, math.inf),
    ):
        interval = measure.interval
        assert interval is not None
        shown = [interval.low, measure.value, interval.high]
        low, value, high = (math.inf if it is None else it for it in shown)
        assert least <= low <= value * (1 + 1e-9)
        assert value <= high * (1 + 1e-9)
        assert interval.high is None or high <= most
    assert found.r_squared <= 1
