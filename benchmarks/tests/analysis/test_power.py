"""How many blocks, and how small an effect: against simulated runs, and the tables."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.analysis.power import blocks_needed, detectable, log_sd
from benchmarks.analysis.ratios import ratio_interval


@pytest.mark.parametrize(("sd", "half_width"), [(0.03, 0.05), (0.08, 0.05), (0.05, 0.02)])
def test_so_many_blocks_are_just_enough_for_the_half_width(sd: float, half_width: float) -> None:
    """A planted scatter of just `sd`: the interval of so many blocks fits, of one fewer doesn't."""
    needed = blocks_needed(sd, half_width=half_width)

    def reach(blocks: int) -> float:
        logs = stats.zscore(np.arange(float(blocks)), ddof=1) * sd
        low, high = stats.t.interval(0.95, blocks - 1, loc=logs.mean(), scale=stats.sem(logs))
        return math.exp((high - low) / 2) - 1

    assert reach(needed) <= half_width < reach(needed - 1)


def test_blocks_needed_by_the_table_of_student() -> None:
    """t(0.975): 4.303 with 2 degrees of freedom, 2.262 with 9; log 1.05 = 0.04879."""
    assert blocks_needed(0.0196) == 3  # 4.303 * 0.0196 / √3 = 0.0487
    assert blocks_needed(0.0197) == 4
    assert blocks_needed(0.0681) == 10  # 2.262 * 0.0681 / √10 = 0.0487
    assert blocks_needed(0) == 2


@given(st.floats(0.001, 0.5), st.floats(0.005, 0.3))
def test_more_scatter_or_a_narrower_interval_never_needs_fewer_blocks(
    sd: float, half_width: float
) -> None:
    needed = blocks_needed(sd, half_width=half_width)
    assert blocks_needed(2 * sd, half_width=half_width) >= needed
    assert blocks_needed(sd, half_width=half_width / 2) >= needed
    assert blocks_needed(sd, half_width=half_width, confidence=0.99) >= needed


@pytest.mark.slow
@pytest.mark.parametrize(("blocks", "sd"), [(3, 0.02), (6, 0.05), (15, 0.1)])
def test_the_detectable_effect_is_found_in_that_share_of_simulated_runs(
    blocks: int, sd: float
) -> None:
    random, runs = np.random.default_rng(9), 3000
    effect = detectable(sd, blocks)
    assert effect is not None
    for truth in (1 + effect, 1 / (1 + effect)):
        found = 0
        for _ in range(runs):
            logs = random.normal(math.log(truth), sd, size=blocks)
            interval = ratio_interval([(math.exp(log), 1.0) for log in logs])
            assert interval.low is not None
            assert interval.high is not None
            found += interval.low > 1 if truth > 1 else interval.high < 1
        assert found / runs == pytest.approx(0.9, abs=0.02)


@given(st.floats(0.001, 0.3), st.integers(2, 40))
def test_more_blocks_find_less_and_more_power_needs_more(sd: float, blocks: int) -> None:
    effect = detectable(sd, blocks)
    assert effect is not None
    assert effect > 0
    assert detectable(sd, blocks + 1) < effect  # type: ignore[operator]
    assert detectable(sd, blocks, power=0.95) > effect  # type: ignore[operator]
    assert detectable(2 * sd, blocks) > effect  # type: ignore[operator]


def test_few_blocks_find_far_less_than_a_normal_distribution_would_have_it() -> None:
    normal = math.expm1((1.95996 + 1.28155) * 0.03 / math.sqrt(3))
    assert detectable(0.03, 3) > 2 * normal  # type: ignore[operator]
    assert detectable(0.03, 400) == pytest.approx(
        math.expm1((1.95996 + 1.28155) * 0.03 / 20), rel=0.01
    )


def test_the_scatter_is_that_of_the_logarithms() -> None:
    assert log_sd([math.exp(0.1), math.exp(0.2), math.exp(0.3)]) == pytest.approx(0.1)
    assert log_sd([1.2]) is None
    assert log_sd([]) is None
    assert detectable(0.03, 1) is None
    assert detectable(0.0, 3) == 0


@pytest.mark.parametrize("sd", [-0.1, math.nan, math.inf])
def test_a_scatter_that_is_none_is_an_error(sd: float) -> None:
    with pytest.raises(ValueError, match="scatter"):
        blocks_needed(sd)
    with pytest.raises(ValueError, match="scatter"):
        detectable(sd, 3)


def test_an_impossible_argument_is_an_error() -> None:
    with pytest.raises(ValueError, match="half width"):
        blocks_needed(0.1, half_width=0)
    with pytest.raises(ValueError, match="confidence"):
        blocks_needed(0.1, confidence=1)
    with pytest.raises(ValueError, match="power"):
        detectable(0.1, 3, power=1)
    with pytest.raises(ValueError, match="power"):
        detectable(0.1, 3, power=0.02)
    with pytest.raises(ValueError, match="above 0"):
        log_sd([1.0, 0.0])
