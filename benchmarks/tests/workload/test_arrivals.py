"""Arrivals are a Poisson process of the requested rate, counted by their outcome."""

import random
from itertools import pairwise
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.workload.arrivals import (
    MIX,
    READ,
    SIGN_IN,
    SUBMIT,
    Arrival,
    Counts,
    Share,
    arrival_times,
    conditioned_times,
    count,
    even_features,
    features,
    scheduled_times,
)


def test_the_gaps_are_exponential() -> None:
    rate = 7.0
    times = arrival_times(rate, 1000, random.Random(1))
    gaps = [later - earlier for earlier, later in pairwise([0.0, *times])]
    assert stats.kstest(gaps, "expon", args=(0, 1 / rate)).pvalue > 0.01


def test_the_gaps_don_t_heed_each_other() -> None:
    times = arrival_times(7.0, 1000, random.Random(2))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert stats.spearmanr(gaps[:-1], gaps[1:]).pvalue > 0.01


def test_the_number_varies_as_poisson_s_does() -> None:
    """Mean and variance are both rate times seconds; steady gaps would give a variance near 0."""
    rng = random.Random(3)
    numbers = [len(arrival_times(5.0, 8.0, rng)) for _ in range(2000)]
    assert fmean(numbers) == pytest.approx(40, rel=0.02)
    assert variance(numbers) == pytest.approx(40, rel=0.1)


@given(st.floats(0.1, 200), st.floats(0, 20), st.integers())
def test_times_rise_within_the_seconds_and_come_from_the_seed(
    rate: float, seconds: float, seed: int
) -> None:
    times = arrival_times(rate, seconds, random.Random(seed))
    assert times == sorted(times)
    assert all(0 <= it < seconds for it in times)
    assert times == arrival_times(rate, seconds, random.Random(seed))


@given(st.integers(0, 300), st.floats(0, 20), st.integers())
def test_a_given_number_of_arrivals_comes_within_the_seconds(
    number: int, seconds: float, seed: int
) -> None:
    times = conditioned_times(number, seconds, random.Random(seed))
    assert len(times) == number
    assert times == sorted(times)
    assert all(0 <= it <= seconds for it in times)
    assert times == conditioned_times(number, seconds, random.Random(seed))


def test_a_given_number_of_arrivals_is_spread_as_poisson_s_are() -> None:
    """Uniform over the time; the first half of it gets a number that varies, binomially."""
    rng = random.Random(4)
    drawn = [conditioned_times(40, 8.0, rng) for _ in range(2000)]
    assert stats.kstest(drawn[0] + drawn[1] + drawn[2], "uniform", args=(0, 8.0)).pvalue > 0.01
    halves = [sum(at < 4.0 for at in times) for times in drawn]
    assert fmean(halves) == pytest.approx(20, rel=0.02)
    assert variance(halves) == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize("rate", [0, -1])
def test_no_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        arrival_times(rate, 1, random.Random(1))


def test_what_is_counted_is_what_was_meant_for_the_window() -> None:
    arrivals = [
        Arrival(0.9, submitted_at=1.1),  # meant for earlier
        Arrival(1.0, submitted_at=1.0),
        Arrival(1.1, submitted_at=1.9),  # late, and in time
        Arrival(1.2, submitted_at=2.0),  # too late
        Arrival(1.3, shed=True),
        Arrival(1.4),  # waits yet, or was never let in
        Arrival(2.0, submitted_at=2.0),  # meant for later
    ]
    assert count(arrivals, 1.0, 2.0) == Counts(offered=5, started=2, shed=1)
    assert count([], 1.0, 2.0) == Counts(0, 0, 0)


def test_mixed_arrivals_come_for_everything_by_their_shares() -> None:
    drawn = features(10_000, random.Random(1))
    for feature, share in MIX.items():
        assert drawn.count(feature) / len(drawn) == pytest.approx(share, abs=0.03)
    assert sum(MIX.values()) == pytest.approx(1.0)
    assert drawn == features(10_000, random.Random(1)), "the same for all arms of a block"


def test_even_arrivals_come_for_each_feature_equally_often() -> None:
    drawn = even_features(4002, random.Random(5))
    assert len(drawn) == 4002
    for first in range(0, 4000, 4):
        assert sorted(drawn[first : first + 4]) == sorted(MIX)
    assert len({tuple(drawn[first : first + 4]) for first in range(0, 4000, 4)}) == 24
    assert drawn == even_features(4002, random.Random(5))


def test_arrivals_of_a_group_keep_its_shares_in_every_group() -> None:
    group = (READ, READ, READ, SUBMIT, SIGN_IN)
    drawn = even_features(1003, random.Random(5), group)
    assert len(drawn) == 1003
    for first in range(0, 1000, 5):
        assert sorted(drawn[first : first + 5]) == sorted(group)
    assert len({tuple(drawn[first : first + 5]) for first in range(0, 1000, 5)}) == 20


@given(st.floats(0.1, 200), st.floats(0, 20), st.integers(), st.integers(1, 9))
def test_the_shares_of_a_schedule_are_the_schedule_without_gaps_or_doubles(
    rate: float, seconds: float, seed: int, parts: int
) -> None:
    whole = list(scheduled_times(rate, seconds, seed))
    shares = [
        list(Share(number, parts).of(scheduled_times(rate, seconds, seed)))
        for number in range(parts)
    ]
    assert sorted(at for share in shares for at in share) == whole
    assert whole == arrival_times(rate, seconds, random.Random(seed))
    lengths = [len(share) for share in shares]
    assert max(lengths) - min(lengths) <= 1


def test_a_share_is_drawn_while_it_is_used() -> None:
    """Otherwise each worker would hold the arrivals of all: here three billion of them."""
    times = Share(1, 2).of(scheduled_times(1e6, 3600, 1))
    assert 0 < next(times) < next(times)
