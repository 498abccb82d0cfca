"""How long requests take during releases: percentiles only from enough of them."""

import math
from dataclasses import replace

import pytest

from benchmarks.experiments.deploy.summary.waits import (
    highest_percentile,
    median_submit_ms,
    slowest_fifth_submit_ms,
    waited_longer_seconds,
    waits,
)
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.tests.experiments.deploy import made_up
from benchmarks.tests.experiments.deploy.made_up import CALM_SECONDS, call, note, start

SUBMIT = made_up.NAMES["submit"]


def released(latencies_ms: list[float]) -> Trial:
    """Return a trial whose submissions during the release took so long, and 100 ms before it."""
    calm = [call(start() + tenth / 10, SUBMIT) for tenth in range(200)]
    met = [
        call(start() + CALM_SECONDS + place / 20, SUBMIT, latency_ms)
        for place, latency_ms in enumerate(latencies_ms)
    ]
    return made_up.trial([note(CALM_SECONDS, 10.0)], calls=[*calm, *met])


@pytest.mark.parametrize(
    ("count", "highest"),
    [(100, 95), (99, 90), (50, 90), (49, 80), (25, 80), (24, 50), (10, 50), (9, None), (0, None)],
)
def test_a_percentile_has_five_requests_beyond_it(count: int, highest: int | None) -> None:
    assert highest_percentile(count) == highest


def test_the_trials_of_an_arm_are_one_set() -> None:
    """40 + 60 requests during releases: the p95 of the hundred."""
    trials = [released([200.0] * 40), released([200.0] * 50 + [900.0] * 10)]
    found = waits(trials)["submit"]
    assert (found.requests, found.percentile, found.percentile_ms) == (100, 95, 900.0)
    assert (found.calm_median_ms, found.median_ms) == (100.0, 200.0)
    assert waits(trials)["page"].percentile is None, "no page was requested"


def test_the_median_of_a_trial_is_of_what_began_during_its_releases() -> None:
    trial = released([200.0] * 13 + [700.0] * 12)
    assert median_submit_ms(trial) == 200.0
    assert slowest_fifth_submit_ms(trial) == 700.0
    later = call(start() + CALM_SECONDS + 11, SUBMIT, 5000.0)
    assert median_submit_ms(replace(trial, calls=(*trial.calls, *[later] * 30))) == 200.0


def test_too_few_submissions_have_no_percentile() -> None:
    assert median_submit_ms(released([200.0] * 9)) is None
    assert slowest_fifth_submit_ms(released([200.0] * 24)) is None


def test_a_submission_that_fails_takes_for_ever() -> None:
    trial = released([200.0] * 10)
    failed = [call(start() + CALM_SECONDS + 1, SUBMIT, failed=True)] * 12
    mostly_failed = replace(trial, calls=(*trial.calls, *failed))
    assert median_submit_ms(mostly_failed) == math.inf, "not missing: a slow side stays in"
    assert waited_longer_seconds(mostly_failed) == math.inf
    wait = waits([mostly_failed])["submit"]
    assert (wait.requests, wait.median_ms) == (22, None), "JSON has no infinity"


def test_waiting_is_added_up_over_a_release() -> None:
    assert waited_longer_seconds(released([200.0] * 20)) == pytest.approx(20 * 0.1)
    assert waited_longer_seconds(released([])) is None
