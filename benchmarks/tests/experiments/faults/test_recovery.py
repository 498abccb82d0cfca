"""The three measures of a recovery: in time, as quick as before, and available at all."""

import pytest

from benchmarks.analysis.trials import Call
from benchmarks.experiments.faults.features import outcomes
from benchmarks.experiments.faults.recovery import HOLD_SECONDS, NOTICED_SECONDS
from benchmarks.experiments.faults.windows import Observation, observe
from benchmarks.tests.experiments.faults.made_up import SLOT, call, stream

FAILURE_SECONDS = SLOT.ended - SLOT.began


def seen(calls: list[Call]) -> Observation:
    return observe(outcomes(calls), SLOT)


def test_recovery_is_the_first_moment_after_which_everything_works() -> None:
    failing = [call("/", SLOT.ended + at, failed=True) for at in (0.2, 1.0, 4.0)]
    assert seen(stream() + failing).recovered_seconds == pytest.approx(0.2, abs=1e-3), (
        "one failure among many within the hold is forgiven, two are not"
    )
    failing += [call("/", SLOT.ended + 2.0 + place / 10, failed=True) for place in range(4)]
    assert seen(stream() + failing).recovered_seconds == pytest.approx(2.3, abs=1e-3)


def test_a_recovery_that_the_window_doesn_t_show_is_none() -> None:
    late = SLOT.end - SLOT.ended - HOLD_SECONDS + 0.2
    failing = [
        call("/", SLOT.ended + place / 4, failed=True) for place in range(round(late * 4) + 1)
    ]
    assert seen(stream() + failing).recovered_seconds is None


def test_silence_is_no_recovery() -> None:
    calls = [it for it in stream() if it.intended_at < SLOT.ended]
    assert seen(calls).recovered_seconds is None


def test_a_target_that_is_slow_after_the_failure_has_not_recovered() -> None:
    """For 3 s every request takes a second: in time, but ten times as long as before."""
    observation = seen(stream(broken=["sign in"], slow_seconds=3.0))
    assert observation.recovered_seconds == 0.0
    assert observation.normal_seconds == pytest.approx(3.0, abs=0.5)


def test_a_wait_that_no_user_notices_is_none() -> None:
    briefly = [call("/", SLOT.ended + place / 5, NOTICED_SECONDS - 0.1) for place in range(20)]
    assert seen(stream() + briefly).normal_seconds == 0.0


def test_a_feature_that_is_slow_by_itself_is_as_quick_as_before() -> None:
    """Submissions take 0.9 s in the calm, and 2.6 s after the failure: less than three times."""
    slow = stream(ready_after=lambda at: 2.6 if at >= SLOT.ended else 0.9)
    assert seen(slow).normal_seconds == 0.0
    slower = stream(ready_after=lambda at: 2.8 if at >= SLOT.ended else 0.9)
    assert seen(slower).normal_seconds is None


def test_seconds_with_a_feature_unavailable_are_those_of_the_failure() -> None:
    one = seen(stream(broken=["sign in"])).unavailable_seconds
    assert one == pytest.approx(FAILURE_SECONDS, abs=0.6)
    assert seen(stream(broken=["sign in", "page"])).unavailable_seconds == one, "not added up"


def test_what_fails_after_the_failure_is_unavailable_too() -> None:
    failing = [call("/tokens", SLOT.ended + 5.0 + place, failed=True) for place in (0.0, 0.3)]
    found = seen(stream() + failing).unavailable_seconds
    assert found == pytest.approx(0.4, abs=0.25), "two failed uses, each until the next one"


def test_a_feature_that_never_comes_back_is_unavailable_to_the_end() -> None:
    calls = [it for it in stream() if it.name != "/" or it.intended_at < SLOT.began]
    calls.append(call("/", SLOT.began + 1.0, failed=True))
    assert seen(calls).unavailable_seconds == pytest.approx(SLOT.end - SLOT.began - 1.0)
