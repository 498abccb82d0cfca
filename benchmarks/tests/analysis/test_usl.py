"""The Universal Scalability Law: planted parameters are found, and intervals hold them."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from benchmarks.analysis.usl import fit
from benchmarks.tests.analysis.usl_samples import (
    counted,
    exact,
    fitted,
    holds,
    law,
    value_of,
)


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
