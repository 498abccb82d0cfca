"""Wilson's interval of a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.analysis.proportions import share_of


def test_known_values() -> None:
    """10 of 100, and none of 20: from Brown, Cai and DasGupta (2001), by the formula."""
    ten = share_of(10, 100)
    assert (ten.low, ten.high) == pytest.approx((0.05523, 0.17437), abs=1e-4)
    none = share_of(0, 20)
    assert (none.share, none.low) == (0, 0)
    assert none.high == pytest.approx(0.16113, abs=1e-4)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_stays_within_0_and_1(
    total: int, data: st.DataObject
) -> None:
    found = share_of(data.draw(st.integers(0, total)), total)
    assert found.low is not None
    assert found.high is not None
    assert found.share is not None
    assert 0 <= found.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.high <= 1


@pytest.mark.parametrize("truth", [0.02, 0.3, 0.9])
def test_it_holds_the_truth_about_as_often_as_it_claims(truth: float) -> None:
    """Exactly computed: the chance of each count times whether its interval holds the truth."""
    total = 120
    held = 0.0
    for count in range(total + 1):
        found = share_of(count, total)
        assert found.low is not None
        assert found.high is not None
        if found.low <= truth <= found.high:
            held += float(stats.binom.pmf(count, total, truth))
    assert held == pytest.approx(0.95, abs=0.035)


def test_of_nothing_there_is_no_share() -> None:
    assert share_of(0, 0).share is None


def test_a_count_beyond_the_total_is_refused() -> None:
    with pytest.raises(ValueError, match="can't be a count"):
        share_of(3, 2)
