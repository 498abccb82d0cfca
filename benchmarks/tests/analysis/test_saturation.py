"""Capacity is found where throughput stops rising, and refused where it doesn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis.saturation import Point, find_saturation

LEVELS = (1, 2, 4, 8, 16)


def sweep(*throughputs: float, seconds: float = 100.0) -> list[Point]:
    return [
        Point(users, round(throughput * seconds), seconds)
        for users, throughput in zip(LEVELS, throughputs, strict=False)
    ]


def test_a_sweep_that_flattens_is_saturated() -> None:
    found = find_saturation(sweep(5, 9, 12, 12.2, 11.8))
    assert found.saturated
    assert found.knee_users == 4
    assert found.plateau_users == (4, 8, 16)
    assert found.capacity == pytest.approx(12.0)


def test_a_sweep_that_still_rises_has_no_capacity() -> None:
    found = find_saturation(sweep(5, 9, 12, 15, 19))
    assert not found.saturated
    assert found.capacity is None


def test_falling_back_under_overload_counts_against_capacity() -> None:
    found = find_saturation(sweep(5, 12, 8))
    assert found.saturated
    assert found.capacity == pytest.approx(10.0)


def test_saturated_from_the_first_user_on() -> None:
    found = find_saturation(sweep(10, 10, 10.1))
    assert found.knee_users == 1


@pytest.mark.parametrize("points", [[], [Point(1, 0, 5.0), Point(2, 0, 5.0)]])
def test_nothing_completed_is_no_capacity(points: list[Point]) -> None:
    assert find_saturation(points).capacity is None


@given(st.floats(1, 100), st.floats(0.02, 2), st.lists(st.integers(1, 64), min_size=2, unique=True))
def test_the_capacity_of_a_closed_queue_is_never_overstated(
    capacity: float, alone_seconds: float, users: list[int]
) -> None:
    """Throughput of N users: N / alone until the server's capacity, and flat from there on."""
    points = [
        Point(n, round(min(n / alone_seconds, capacity) * 1000), 1000.0) for n in sorted(users)
    ]
    found = find_saturation(points)
    if found.capacity is not None:
        assert found.capacity <= capacity + 0.01
        assert found.saturated
