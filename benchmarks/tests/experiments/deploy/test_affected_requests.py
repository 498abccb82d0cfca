"""Who noticed a release: counted by feature, against the calm before it."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.analysis.trials import Call
from benchmarks.experiments.deploy.summary.affected_requests import SLOWER_THAN, trial_releases
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.releases import AffectedRequests, FeatureSecond
from benchmarks.tests.report.sample import trials

CALM = 20.0  # seconds; a request of each feature comes every tenth of a second
NAMES = {"sign-in": "/tokens", "submit": "submit to ready", "read": "/submissions", "page": "/"}


def _call(at: float, name: str, latency_ms: float = 100.0, *, failed: bool = False) -> Call:
    return Call(name, at, at + latency_ms / 1000, latency_ms, failed, step=0, measured=True)


@pytest.fixture
def trial() -> Trial:
    """One release from the 20th to the 30th second, in which one page fails and one is slow."""
    made = trials()[0]
    start = made.levels[0].window.start
    calls = [_call(start + tenth / 10, name) for tenth in range(400) for name in NAMES.values()]
    calls += [
        _call(start + CALM + 1, "/", failed=True),
        _call(start + CALM + 2, "/", 100.0 * SLOWER_THAN + 1),
        _call(start + CALM + 3, "/", 100.0 * SLOWER_THAN - 1),
        _call(start + CALM + 11, "/", failed=True),  # after it
    ]
    note: dict[str, Any] = {
        "change": "field-added",
        "unit": "submissions",
        "build_seconds": 3.0,
        "refused": "",
        "lines": 100,
        "lines_changed": 1,
        "dependencies": 9,
        "dependencies_changed": 0,
        "started": 3,
        "ended": 3,
        "steps": {"edge switched": 0.2},
        "ordered_at": start + CALM - 1,
        "began_at": start + CALM,
        "ended_at": start + CALM + 10,
    }
    document = {**made.document, "actions": [note]}
    return replace(made, calls=tuple(calls), document=document)


def test_what_failed_and_what_was_slow_while_it_went_on(trial: Trial) -> None:
    (release,) = trial_releases(trial).releases
    assert release.noticed["page"] == AffectedRequests(requests=103, failed=1, slowed=1)
    for feature in ("sign-in", "submit", "read"):
        assert release.noticed[feature] == AffectedRequests(requests=100, failed=0, slowed=0)
    assert (release.waited_seconds, release.order_seconds) == pytest.approx((1.0, 11.0))


def test_the_calm_ends_with_the_order(trial: Trial) -> None:
    found = trial_releases(trial)
    assert found.calm_seconds == pytest.approx(CALM - 1)
    assert found.calm["read"].requests == 190
    assert found.slow_above_ms["read"] == pytest.approx(100.0 * SLOWER_THAN)


def test_without_a_calm_nothing_is_slow(trial: Trial) -> None:
    start = trial.levels[0].window.start
    late = tuple(call for call in trial.calls if call.intended_at >= start + CALM)
    found = trial_releases(replace(trial, calls=late))
    assert found.slow_above_ms["page"] is None
    assert found.releases[0].noticed["page"] == AffectedRequests(requests=103, failed=1, slowed=0)


def test_each_second_has_its_slowest(trial: Trial) -> None:
    seconds = {(it.at_seconds, it.feature): it for it in trial_releases(trial).seconds}
    assert seconds[CALM + 2, "page"].slowest_ms == 100.0 * SLOWER_THAN + 1
    assert seconds[CALM + 1, "page"].failed == 1
    assert seconds[CALM + 2, "read"] == FeatureSecond(
        at_seconds=CALM + 2, feature="read", failed=0, slowest_ms=100.0
    )
