"""One arm's releases summed up over its trials."""

import pytest

from benchmarks.experiments.deploy.summary.totals import totals
from benchmarks.results_model.releases import (
    AffectedRequests,
    Release,
    ReleaseTotals,
    TrialReleases,
)

FEATURES = ("sign-in", "submit", "read", "page")


def release(
    unit: str, at: float, seconds: float, *, waited_seconds: float = 0.0, refused: str = ""
) -> Release:
    affected = AffectedRequests(requests=10, failed=0, slowed=1)
    return Release(
        change="field-added",
        unit=unit,
        ordered_after_seconds=at,
        order_seconds=seconds,
        build_seconds=3.0,
        waited_seconds=waited_seconds,
        started=2,
        ended=2,
        refused=refused,
        steps={},
        lines=100,
        lines_changed=1,
        dependencies=9,
        dependencies_changed=0,
        noticed=dict.fromkeys(FEATURES, affected),
    )


def trial(*releases: Release, page: AffectedRequests | None = None) -> TrialReleases:
    affected = AffectedRequests(requests=10, failed=0, slowed=1)
    return TrialReleases(
        trial="001-releases-block1-monolith",
        calm_seconds=10.0,
        slow_above_ms={},
        calm={},
        noticed={**dict.fromkeys(FEATURES, affected), "page": page or affected},
        releases=releases,
        outlasted_seconds=0.0,
        seconds=[],
    )


def summed(*trials: TrialReleases) -> ReleaseTotals | None:
    return totals(trials, limits={}, waits={})


def test_what_a_trial_has_several_of_is_added_up_before_the_trials_are() -> None:
    found = summed(
        trial(release("a", 10, 4), release("b", 10.1, 6, waited_seconds=2.0)),
        trial(release("a", 10, 5), release("b", 10.1, 8.9, waited_seconds=4.0)),
    )
    assert found is not None
    assert (found.trials, found.releases, found.undone) == (2, 4, 0)
    assert (found.units, found.started, found.build_seconds) == (2, 4, 6)
    assert (found.lines, found.lines_changed, found.waited_seconds) == (200, 2, 3)
    # From the first order to the last end: 6.1 and 9 s
    serving = found.serving_seconds
    assert serving.mean == pytest.approx((6.1 * 9) ** 0.5)
    assert serving.low is not None
    assert serving.high is not None
    assert serving.low < 6.1
    assert serving.high > 9


def test_shares_are_of_all_requests_each_counted_once() -> None:
    """Two releases of one trial at the same time have the same requests; they are those of one."""
    one = AffectedRequests(requests=30, failed=3, slowed=0)
    undone = release("a", 10, 4, refused="wrong answer")
    found = summed(trial(release("a", 10, 4)), trial(undone, release("b", 10, 4), page=one))
    assert found is not None
    assert (found.undone, found.started) == (1, None)
    page = found.noticed["page"]
    assert (page.failed.count, page.failed.total) == (3, 40)
    assert page.failed.low is not None
    assert page.failed.high is not None
    assert page.failed.low < 3 / 40 < page.failed.high
    assert found.noticed["read"].failed.share == 0


def test_without_a_release_there_is_nothing_to_sum_up() -> None:
    assert summed() is None
    assert summed(trial()) is None
