"""The requests that a release affects: counted by feature, against the calm before it."""

from dataclasses import replace

import pytest

from benchmarks.experiments.deploy.summary.affected_requests import (
    SLOWER_THAN,
    slow_limits,
    trial_releases,
)
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.releases import AffectedRequests, FeatureSecond, TrialReleases
from benchmarks.tests.experiments.deploy import made_up
from benchmarks.tests.experiments.deploy.made_up import CALM_SECONDS, call, note, start


@pytest.fixture
def trial() -> Trial:
    """One release from the 20th to the 30th second, in which one page fails and one is slow."""
    made = made_up.trial([note(CALM_SECONDS - 1, 11.0, waited=1.0)])
    odd = [
        call(start() + CALM_SECONDS + 1, "/", failed=True),
        call(start() + CALM_SECONDS + 2, "/", 100.0 * SLOWER_THAN + 1),
        call(start() + CALM_SECONDS + 3, "/", 100.0 * SLOWER_THAN - 1),
        call(start() + CALM_SECONDS + 11, "/", failed=True),  # after it
    ]
    return replace(made, calls=(*made.calls, *odd))


def found_in(trial: Trial) -> TrialReleases:
    return trial_releases(trial, slow_limits([trial]))


def test_what_failed_and_what_was_slow_while_it_went_on(trial: Trial) -> None:
    (release,) = found_in(trial).releases
    assert release.noticed["page"] == AffectedRequests(requests=103, failed=1, slowed=1)
    for feature in ("sign-in", "submit", "read"):
        assert release.noticed[feature] == AffectedRequests(requests=100, failed=0, slowed=0)
    assert (release.waited_seconds, release.order_seconds) == pytest.approx((1.0, 11.0))


def test_the_calm_ends_with_the_order(trial: Trial) -> None:
    found = found_in(trial)
    assert found.calm_seconds == pytest.approx(CALM_SECONDS - 1)
    assert found.calm["read"].requests == 190
    assert found.slow_above_ms["read"] == pytest.approx(100.0 * SLOWER_THAN)


def test_the_limit_is_that_of_all_trials_of_the_arm(trial: Trial) -> None:
    """Of 190 calm requests at 100 ms and 200 at 40 ms the median is 40 ms."""
    calm = [call(start() + tenth / 10, "/", 40.0) for tenth in range(200)]
    other = made_up.trial([note(CALM_SECONDS, 9.0)], calls=calm)
    assert slow_limits([trial, other])["page"] == pytest.approx(40.0 * SLOWER_THAN)


def test_without_a_calm_nothing_is_slow(trial: Trial) -> None:
    late = tuple(it for it in trial.calls if it.intended_at >= start() + CALM_SECONDS)
    found = found_in(replace(trial, calls=late))
    assert found.slow_above_ms["page"] is None
    assert found.releases[0].noticed["page"] == AffectedRequests(requests=103, failed=1, slowed=0)


def test_a_request_that_meets_two_releases_counts_once_for_the_trial() -> None:
    """Two teams: from second 20 to 28, and from 20 to 30; a request every tenth of a second."""
    found = found_in(
        made_up.trial([note(CALM_SECONDS, 8.0, unit="accounts"), note(CALM_SECONDS, 10.0)])
    )
    assert [it.noticed["submit"].requests for it in found.releases] == [80, 100]
    assert found.noticed["submit"].requests == 100


def test_a_release_that_outlasts_the_load_is_seen() -> None:
    window = made_up.trial([]).levels[0].window
    length = window.end - window.start
    assert found_in(made_up.trial([note(1.0, length - 2.0)])).outlasted_seconds == 0.0
    longer = found_in(made_up.trial([note(1.0, length + 2.0)]))
    assert longer.outlasted_seconds == pytest.approx(3.0)


def test_each_second_has_its_slowest(trial: Trial) -> None:
    seconds = {(it.at_seconds, it.feature): it for it in found_in(trial).seconds}
    assert seconds[CALM_SECONDS + 2, "page"].slowest_ms == 100.0 * SLOWER_THAN + 1
    assert seconds[CALM_SECONDS + 1, "page"].failed == 1
    assert seconds[CALM_SECONDS + 2, "read"] == FeatureSecond(
        at_seconds=CALM_SECONDS + 2, feature="read", failed=0, slowest_ms=100.0
    )
