"""Where two costs cross: on curves with known crossings, and over blocks that differ."""

from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.cost.crossings import compare, find_crossing
from benchmarks.cost.loads import GRID
from benchmarks.cost.sizing import Values

FLAT: Values = np.full_like(GRID, 100.0)


def test_a_rising_cost_crosses_a_flat_one_once() -> None:
    found = compare(GRID, FLAT, GRID / 50)
    assert found.at == pytest.approx(5_000, rel=1e-6)
    assert found.changes == 1
    assert (found.cheaper_below, found.cheaper_above) == (1, 0)
    assert found.equal_from is None


def test_the_order_of_the_two_doesn_t_matter() -> None:
    one, other = compare(GRID, FLAT, GRID / 50), compare(GRID, GRID / 50, FLAT)
    assert one.at == other.at
    assert (other.cheaper_below, other.cheaper_above) == (0, 1)


def test_costs_that_never_cross() -> None:
    found = compare(GRID, FLAT, FLAT * 1.03)
    assert (found.at, found.changes, found.equal_from) == (None, 0, None)
    assert (found.cheaper_below, found.cheaper_above) == (0, 0)


def test_costs_within_two_percent_are_equal() -> None:
    found = compare(GRID, FLAT, FLAT * 1.019)
    assert (found.at, found.changes, found.equal_from) == (None, 0, 100.0)
    assert (found.cheaper_below, found.cheaper_above) == (None, None)


def test_costs_that_become_equal() -> None:
    # 50 % more at first, and less and less: within 2 % from 25 times the extra cost on.
    found = compare(GRID, GRID + 5_000, GRID)
    assert found.at is None
    assert found.equal_from == pytest.approx(250_000, rel=0.13)  # a step of the grid
    assert (found.cheaper_below, found.cheaper_above) == (1, None)


def test_small_steps_back_and_forth_are_no_crossing() -> None:
    wave = np.where(np.arange(len(GRID)) % 2, 1.015, 0.985)
    assert compare(GRID, FLAT, FLAT * wave).changes == 0


def test_the_last_of_several_crossings() -> None:
    dip = np.where((GRID > 1e4) & (GRID < 1e6), 50.0, 200.0)
    found = compare(GRID, FLAT, dip)
    assert found.changes == 2
    assert found.at == pytest.approx(1e6, rel=0.13)


def test_a_stretch_of_equal_costs_between_has_the_crossing() -> None:
    second = np.where(GRID < 1e4, 110.0, np.where(GRID < 1e6, 100.5, 90.0))
    found = compare(GRID, FLAT, second)
    assert found.changes == 1
    assert found.at == pytest.approx(1e6, rel=0.13)


def blocks_of(slopes: Sequence[float]) -> "tuple[float | None, float | None, float | None]":
    """Return the interval and the share of crossings of a flat cost and these blocks' slopes."""

    def curves(positions: tuple[int, ...]) -> tuple[Values, Values]:
        return FLAT, GRID * float(np.mean([slopes[it] for it in positions]))

    found = find_crossing(GRID, curves, len(slopes))
    return found.at.low, found.at.high, found.at.share


def test_the_interval_is_that_of_the_resamples() -> None:
    # Of two blocks a resample is both of the first, one of each, or both of the second.
    low, high, share = blocks_of([1e-4, 4e-4])
    assert low == pytest.approx(100 / 4e-4, rel=0.01)
    assert high == pytest.approx(100 / 1e-4, rel=0.01)
    assert share == 1.0


def test_blocks_alike_have_a_narrow_interval() -> None:
    low, high, share = blocks_of([1e-4, 1.01e-4, 0.99e-4, 1e-4, 1e-4])
    assert low is not None
    assert high is not None
    assert 0.98e6 < low < 1e6 < high < 1.02e6
    assert share == 1.0


def test_no_interval_where_some_resamples_don_t_cross() -> None:
    low, high, share = blocks_of([1e-12, 4e-4])
    assert (low, high) == (None, None)
    assert share == pytest.approx(0.75, abs=0.05)


def test_no_interval_from_one_block() -> None:
    assert blocks_of([1e-4]) == (None, None, None)


def test_the_same_blocks_give_the_same_interval() -> None:
    assert blocks_of([1e-4, 2e-4, 3e-4]) == blocks_of([1e-4, 2e-4, 3e-4])


def test_both_costs_of_a_resample_are_of_the_same_blocks() -> None:
    """Paired: where both sides of a block are dearer alike, the crossing doesn't move."""
    dearer = [1.0, 3.0, 9.0]

    def curves(positions: tuple[int, ...]) -> tuple[Values, Values]:
        factor = float(np.mean([dearer[it] for it in positions]))
        return FLAT * factor, GRID / 50 * factor

    found = find_crossing(GRID, curves, len(dearer))
    assert found.at.low == pytest.approx(5_000, rel=1e-6)
    assert found.at.high == pytest.approx(5_000, rel=1e-6)
