"""The fit refuses measurements that show no saturation, or too few of them."""

from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.tests.analysis.usl_samples import LEVELS, exact, fitted, refused


@given(st.floats(0.2, 50), st.sets(st.integers(1, 200), min_size=6, max_size=9))
@example(1.0, {10, 20, 30, 40, 99, 100})  # within the knee's tolerance, as the load is too
def test_a_sweep_that_rises_in_a_straight_line_is_refused(one: float, levels: set[int]) -> None:
    assert "needs saturation" in refused([exact(one, 0, 0, levels=sorted(levels))])


def test_the_refusal_names_what_still_rose() -> None:
    assert refused([exact(6, 0.01, 0)]) == (
        "throughput still rose at 32 users, the highest level; a fit needs saturation"
    )
    assert refused([exact(6, 0.01, 0, levels=(*LEVELS, 33))]) == (
        "the highest level, 33 users, is too close to the knee at 32 to show that throughput "
        "rises no further; a fit needs saturation"
    )


def test_too_few_levels_are_refused() -> None:
    assert refused([exact(6, 0.1, 0.01, levels=LEVELS[:4])]) == (
        "4 levels were measured; a fit needs 6"
    )
    assert "5 levels" in refused([exact(6, 0.1, 0.05, levels=LEVELS[:5])])
    assert "1 level was" in refused([exact(6, 0.1, 0.05, levels=(4,))])
    assert refused([]).startswith("no levels were measured")


def test_levels_of_several_trials_are_not_counted_twice() -> None:
    assert "4 levels" in refused([exact(6, 0.1, 0.01, levels=LEVELS[:4])] * 3)


def test_too_few_submissions_are_refused() -> None:
    assert refused([exact(6, 0.1, 0.01, seconds=1.5)]) == (
        "9 submissions were completed with 1 user; a fit needs 10 at each level"
    )
    fitted([exact(6, 0.1, 0.01, seconds=1.5)] * 2)
