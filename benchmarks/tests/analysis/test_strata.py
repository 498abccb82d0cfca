"""The error of a mean over a sample that was drawn from groups in fixed shares."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.analysis.intervals import CONFIDENCE, mean_interval
from benchmarks.analysis.strata import estimate
from benchmarks.analysis.verdicts import Sample, Verdict, judge

# Two of each of five components: alike within each, and far apart from each other
GROUPS = [name for name in "abcde" for _ in range(2)]
VALUES = [2.2, 2.3, 1.2, 1.3, 0.4, 0.5, 0.0, 0.1, 0.2, 0.3]


def test_without_groups_it_is_the_error_of_a_mean() -> None:
    found = estimate(VALUES)
    assert found.error == pytest.approx(float(stats.sem(VALUES)))
    assert (found.freedom, found.groups) == (len(VALUES) - 1, 1)
    assert found.p_value(0.5) == pytest.approx(2 * stats.t.sf(0.5 / found.error, 9))


def test_the_scatter_within_the_groups_alone_counts() -> None:
    """Each group's variance is 0.1² / 2; the sum of ten values has ten of it."""
    found = estimate(VALUES, GROUPS)
    assert found.error == pytest.approx(math.sqrt(10 * 0.005) / 10)
    assert found.freedom == pytest.approx(5), "five groups of equal scatter, one degree each"
    assert found.mean == pytest.approx(float(np.mean(VALUES)))


def test_one_scattered_group_has_its_own_freedom_only() -> None:
    found = estimate([0.0, 1.0, *[5.0] * 8], GROUPS)
    assert found.freedom == pytest.approx(1)


def test_a_group_of_one_value_has_no_scatter_so_there_are_no_groups() -> None:
    assert estimate(VALUES, ["other", *GROUPS[1:]]) == estimate(VALUES)


def test_equal_values_in_each_group_have_no_error() -> None:
    found = estimate([1.0, 1.0, 3.0, 3.0], [*"aabb"])
    assert (found.error, found.freedom) == (0, 2)
    assert found.p_value(0.1) == 0
    assert found.p_value(0) == 1


@pytest.mark.parametrize("values", [[], [1.0]])
def test_one_value_has_no_error(values: list[float]) -> None:
    with pytest.raises(ValueError, match="needs two values"):
        estimate(values)


def test_each_value_has_a_group() -> None:
    with pytest.raises(ValueError, match="zip"):
        estimate(VALUES, GROUPS[1:])


@given(
    st.lists(st.floats(-5, 5), min_size=4, max_size=12), st.floats(-3, 3), st.permutations("abab")
)
def test_the_order_and_the_place_of_the_values_play_no_role(
    values: list[float], shift: float, names: list[str]
) -> None:
    groups = [names[number % 4] for number in range(len(values))]
    found = estimate(values, groups)
    moved = estimate([value + shift for value in reversed(values)], groups[::-1])
    assert moved.error == pytest.approx(found.error, abs=1e-9)
    assert moved.mean == pytest.approx(found.mean + shift)


def test_an_interval_names_its_groups() -> None:
    plain, grouped = mean_interval(VALUES), mean_interval(VALUES, per="fault", groups=GROUPS)
    assert grouped.method == "Student's t over 10 faults of 5 groups"
    assert None not in (plain.low, grouped.low)
    assert grouped.low > plain.low  # type: ignore[operator]
    assert grouped.mean == plain.mean


def test_many_values_of_groups_have_student_s_interval_too() -> None:
    found = mean_interval(VALUES * 3, groups=GROUPS * 3)
    assert found.method == "Student's t over 30 blocks of 5 groups"


@pytest.mark.parametrize("scatter", [(1, 1, 1, 1, 1), (1, 1, 1, 0, 0), (1, 0.5, 0.2, 0.1, 0)])
def test_a_known_mean_is_covered(scatter: tuple[float, ...]) -> None:
    dice = np.random.default_rng(3)
    centres = np.array([2.0, 1.0, 0.5, 0.0, -1.0])
    covered = 0
    for _ in range(1000):
        drawn = centres[:, None] + dice.normal(size=(5, 2)) * np.array(scatter)[:, None]
        found = mean_interval([*drawn.ravel()], groups=GROUPS)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= centres.mean() <= found.high
    assert covered / 1000 >= CONFIDENCE - 0.02


def test_a_claim_is_judged_by_the_scatter_within_its_groups() -> None:
    plain = Sample(VALUES, 0.4, VALUES)
    grouped = Sample(VALUES, 0.4, VALUES, groups=GROUPS, quiet_groups=GROUPS)
    assert judge({"it": plain})["it"].verdict is Verdict.INCONCLUSIVE
    assert judge({"it": grouped})["it"].verdict is Verdict.SUPPORTED


def test_the_quiet_blocks_are_judged_by_their_own_groups() -> None:
    """Without the quiet groups the quiet blocks decide nothing, so neither do all."""
    grouped = Sample(VALUES, 0.4, VALUES, groups=GROUPS)
    assert judge({"it": grouped})["it"].verdict is Verdict.INCONCLUSIVE
