"""Availability before, during and after a failure."""

import pytest

from benchmarks.analysis.trials import READY, Call
from benchmarks.experiments.faults.features import FEATURES, outcomes
from benchmarks.experiments.faults.slots import Phase
from benchmarks.experiments.faults.windows import Observation, observe
from benchmarks.tests.experiments.faults.made_up import SLOT, SUBMIT, call, stream


def seen(calls: list[Call]) -> Observation:
    return observe(outcomes(calls), SLOT)


def shares(observation: Observation) -> dict[str, float | None]:
    return {feature: observation.during[feature].share for feature in FEATURES}


def test_without_a_failure_everything_is_available() -> None:
    observation = seen(stream())
    assert shares(observation) == dict.fromkeys(FEATURES, 1.0)
    assert observation.mean(lambda tally: tally.share) == 1.0
    assert observation.is_calm
    assert observation.recovered_seconds == observation.normal_seconds == 0.0
    assert observation.unavailable_seconds == 0.0
    assert observation.drained_seconds == 0.0
    assert observation.watched_seconds == 14.0


def test_a_broken_feature_is_shown_and_the_others_are_not() -> None:
    observation = seen(stream(broken=["sign in"]))
    assert shares(observation) == {**dict.fromkeys(FEATURES, 1.0), "sign in": 0.0}
    assert observation.mean(lambda tally: tally.share) == pytest.approx(0.8)
    assert observation.before["sign in"].share == observation.after["sign in"].share == 1.0


def test_no_submission_becomes_ready_where_none_is_accepted() -> None:
    observation = seen(stream(broken=["submit"]))
    assert observation.during["become ready"].share == 0.0
    assert observation.accepted_ready.total == 0
    assert observation.mean(lambda tally: tally.share) == pytest.approx(0.6)
    assert observation.mean_accepted == pytest.approx(0.75), "without a share, it isn't counted"


def test_a_worker_that_is_down_delays_what_is_accepted() -> None:
    """Everything that is submitted during the failure is ready 1 s after its end."""
    observation = seen(
        stream(ready_after=lambda at: 114 - at if SLOT.began <= at < SLOT.ended else 0.3)
    )
    ready = observation.during["become ready"]
    assert (ready.total, ready.served, ready.in_time) == (16, 16, 4)
    assert observation.mean(lambda tally: tally.share) == pytest.approx((4 + 4 / 16) / 5)
    assert observation.mean(lambda tally: tally.served_share) == 1.0
    assert observation.recovered_seconds == 0.0, "who comes after the failure is served in time"
    assert observation.drained_seconds == pytest.approx(1.0)


def test_what_was_under_way_when_the_failure_began_met_it() -> None:
    assert SLOT.phase(outcomes([call("/", 104.9, 0.05)])[0]) is Phase.BEFORE
    assert SLOT.phase(outcomes([call("/", 104.9, 0.2)])[0]) is Phase.DURING
    assert SLOT.phase(outcomes([call("/", 112.9, 9.0)])[0]) is Phase.DURING
    assert SLOT.phase(outcomes([call("/", 113.0, 0.1)])[0]) is Phase.AFTER


def test_rows_of_other_windows_count_for_nothing() -> None:
    others = [call("/", 99.9, failed=True), call("/", 127.0, failed=True)]
    assert seen(stream() + others) == seen(stream())


def test_a_fault_that_begins_in_another_one_s_effects_is_not_calm() -> None:
    broken = [call("/tokens", 100.2 + place / 10, failed=True) for place in range(12)]
    assert not seen(stream() + broken).is_calm
    assert not seen([it for it in stream() if it.name != "/tokens"]).is_calm, "nothing is known"


def test_an_accepted_submission_that_never_becomes_ready_drains_never() -> None:
    calls = [*stream(), call(SUBMIT, 106.0, about="lost"), call(READY, 106.0, 90.0, failed=True)]
    observation = seen(calls)
    assert observation.drained_seconds is None
    assert observation.during["become ready"].served == 16
