"""The Universal Scalability Law: planted parameters are found, and what shows none is refused."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from benchmarks.analysis.saturation import Point
from benchmarks.analysis.usl import Estimate, Interval, UslFit, UslRefusal, fit
from benchmarks.analysis.usl_curve import Curve, likeliest

LEVELS = (1, 2, 4, 8, 16, 32)
Sweep = list[Point]


def law(users: float, one: float, sigma: float, kappa: float) -> float:
    """The law as Gunther writes it, apart from how the code does."""
    return one * users / (1 + sigma * (users - 1) + kappa * users * (users - 1))


def exact(
    one: float, sigma: float, kappa: float, levels: Sequence[int] = LEVELS, seconds: float = 1e5
) -> Sweep:
    return [Point(n, round(law(n, one, sigma, kappa) * seconds), seconds) for n in levels]


def counted(
    random: np.random.Generator,
    one: float,
    sigma: float,
    kappa: float,
    *,
    trials: int,
    levels: Sequence[int] = LEVELS,
    seconds: float = 10.0,
) -> list[Sweep]:
    """Poisson counts, of trials that are each a little faster or slower as a whole."""
    speeds = np.exp(random.normal(0, 0.02, size=trials))
    return [
        [
            Point(n, int(random.poisson(speed * law(n, one, sigma, kappa) * seconds)), seconds)
            for n in levels
        ]
        for speed in speeds
    ]


def fitted(trials: Sequence[Sweep]) -> UslFit:
    found = fit(trials)
    assert isinstance(found, UslFit), found
    return found


def refused(trials: Sequence[Sweep]) -> str:
    found = fit(trials)
    assert isinstance(found, UslRefusal)
    return found.reason


def value_of(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def holds(estimate: Estimate, truth: float) -> bool:
    interval = estimate.interval
    assert interval is not None
    low = math.inf if interval.low is None else interval.low
    high = math.inf if interval.high is None else interval.high
    return low <= truth <= high


@settings(max_examples=60)
@example(43.09185995086706, 0.0, 0.003931981222021527)
@given(st.floats(1, 50), st.floats(0, 0.9), st.floats(0.002, 0.05))
def test_planted_parameters_are_found_in_counts_without_noise(
    one: float, sigma: float, kappa: float
) -> None:
    peak = math.sqrt((1 - sigma) / kappa)
    assume(1 < peak < 16)
    found = fitted([exact(one, sigma, kappa)])
    assert found.one_user_throughput.value == pytest.approx(one, rel=1e-3)
    assert found.sigma.value == pytest.approx(sigma, abs=2e-3)
    assert found.kappa.value == pytest.approx(kappa, abs=1e-4)
    assert found.peak_users.value == pytest.approx(peak, rel=0.01)
    assert found.peak_throughput.value == pytest.approx(law(peak, one, sigma, kappa), rel=1e-3)
    assert found.caveats == ()
    assert found.r_squared > 0.999
    assert found.largest_miss < 1e-3


def test_planted_parameters_are_found_in_poisson_counts() -> None:
    """The mean of many noisy fits is the truth: what noise there is doesn't pull to a side."""
    random = np.random.default_rng(11)
    fits = [fitted(counted(random, 6, 0.1, 0.005, trials=1)) for _ in range(300)]
    for measure, truth in (("one_user_throughput", 6), ("sigma", 0.1), ("kappa", 0.005)):
        values = [value_of(getattr(found, measure)) for found in fits]
        error = np.std(values) / math.sqrt(len(values))
        assert np.mean(values) == pytest.approx(truth, abs=float(4 * error))
        assert error < 0.03 * truth


@pytest.mark.slow
@pytest.mark.parametrize(("sigma", "kappa", "most"), [(0.1, 0.005, 32), (0.3, 0.001, 64)])
def test_intervals_hold_the_truth_about_as_often_as_they_claim(
    sigma: float, kappa: float, most: int
) -> None:
    random, runs, one = np.random.default_rng(3), 60, 6.0
    levels = [2**power for power in range(most.bit_length())]
    peak = math.sqrt((1 - sigma) / kappa)
    truths = {
        "one_user_throughput": one,
        "sigma": sigma,
        "kappa": kappa,
        "peak_users": peak,
        "peak_throughput": law(peak, one, sigma, kappa),
    }
    held = dict.fromkeys(truths, 0)
    for _ in range(runs):
        found = fitted(counted(random, one, sigma, kappa, trials=5, levels=levels))
        for measure, truth in truths.items():
            held[measure] += holds(getattr(found, measure), truth)
    assert min(held.values()) >= 0.85 * runs, held
    assert min(held.values()) < runs, "intervals that always hold are too wide to be of use"


def test_the_fit_is_the_likeliest_curve_for_such_counts() -> None:
    """A general optimizer on the Poisson likelihood ends at the same curve, and no better."""
    sweep = counted(np.random.default_rng(5), 6, 0.2, 0.01, trials=1)[0]
    users = np.array([float(point.users) for point in sweep])
    completed = np.array([float(point.completed) for point in sweep])
    seconds = np.array([point.seconds for point in sweep])

    def unlikelihood(logs: np.ndarray) -> float:
        expected = np.array([law(n, *np.exp(logs)) for n in users]) * seconds
        return float((expected - completed * np.log(expected)).sum())

    best = optimize.minimize(
        unlikelihood,
        np.log([5, 0.1, 0.02]),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000},
    )
    found = fitted([sweep])
    ours = [value_of(found.one_user_throughput), value_of(found.sigma), value_of(found.kappa)]
    assert ours == pytest.approx(np.exp(best.x), rel=1e-4)


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


def test_throughput_that_only_falls_peaks_at_one_user() -> None:
    crossed = fitted([exact(20, 0.5, 2)])  # by the formula at half a user
    assert crossed.peak_users.value == 1
    assert crossed.peak_throughput.value == pytest.approx(20, rel=1e-3)
    falling = fitted([[Point(n, round(1000 / (1 + 0.5 * (n - 1))), 10.0) for n in LEVELS]])
    assert falling.peak_users.value == 1
    assert falling.sigma.value == 1
    assert falling.peak_throughput.value == falling.one_user_throughput.value


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


def test_one_trial_is_fitted_without_intervals() -> None:
    found = fitted(counted(np.random.default_rng(1), 6, 0.1, 0.005, trials=1))
    assert found.method == "one trial gives no intervals"
    assert found.sigma.interval is None
    assert found.peak_users.interval is None
    assert "3 trials" in fitted([exact(6, 0.1, 0.005)] * 3).method


@pytest.mark.slow
@pytest.mark.parametrize("trials", [3, 5])
def test_an_interval_is_as_wide_as_student_s_where_that_is_known(trials: int) -> None:
    """Trials that differ in nothing but their speed: the mean speed has Student's interval."""
    random, widths = np.random.default_rng(12), []
    for _ in range(40):
        speeds = 6 * (1 + random.normal(0, 0.02, size=trials))
        found = fitted([exact(float(speed), 0.1, 0.005) for speed in speeds])
        interval = found.one_user_throughput.interval
        assert interval is not None
        assert interval.low is not None
        assert interval.high is not None
        low, high = stats.t.interval(0.95, trials - 1, scale=stats.sem(speeds))
        widths.append((interval.high - interval.low) / (high - low))
    assert np.mean(widths) == pytest.approx(1, abs=0.1)


def test_the_same_trials_give_the_same_intervals_and_more_trials_narrower_ones() -> None:
    trials = counted(np.random.default_rng(4), 6, 0.1, 0.005, trials=40)
    assert fit(trials[:5]) == fit(trials[:5])
    few, many = fitted(trials[:5]).sigma.interval, fitted(trials).sigma.interval
    assert few is not None
    assert many is not None
    assert many.high - many.low < (few.high - few.low) / 2  # type: ignore[operator]


def test_a_level_that_one_trial_lacks_is_taken_from_the_others() -> None:
    trials = counted(np.random.default_rng(6), 6, 0.1, 0.005, trials=4)
    found = fitted([*trials, trials[0][:3]])
    assert found.levels[0].seconds == 50
    assert found.levels[-1].seconds == 40
    assert found.levels[-1].completed == sum(trial[-1].completed for trial in trials)


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
