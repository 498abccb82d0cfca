"""One arm's releases summed up over its trials."""

from typing import Any

import pytest

from benchmarks.experiments.deploy.summary.totals import totals


def release(unit: str, at: float, seconds: float, **more: Any) -> dict[str, Any]:
    noticed = {"requests": 10, "failed": 0, "slowed": 1}
    return {
        "unit": unit,
        "ordered_after_seconds": at,
        "order_seconds": seconds,
        "build_seconds": 3.0,
        "waited_seconds": 0.0,
        "started": 2,
        "refused": "",
        "lines": 100,
        "lines_changed": 1,
        "dependencies": 9,
        "dependencies_changed": 0,
        "noticed": dict.fromkeys(("sign-in", "submit", "read", "page"), noticed),
        **more,
    }


def trial(*releases: dict[str, Any]) -> dict[str, Any]:
    return {"releases": list(releases)}


def test_what_a_trial_has_several_of_is_added_up_before_the_trials_are() -> None:
    found = totals(
        [
            trial(release("a", 10, 4), release("b", 10.1, 6, waited_seconds=2.0)),
            trial(release("a", 10, 5), release("b", 10.1, 8.9, waited_seconds=4.0)),
        ]
    )
    assert found is not None
    assert (found["trials"], found["releases"], found["undone"]) == (2, 4, 0)
    assert (found["units"], found["started"], found["build_seconds"]) == (2, 4, 6)
    assert (found["lines"], found["lines_changed"], found["waited_seconds"]) == (200, 2, 3)
    # From the first order to the last end: 6.1 and 9 s
    assert found["serving_seconds"]["mean"] == pytest.approx((6.1 * 9) ** 0.5)
    assert found["serving_seconds"]["low"] < 6.1
    assert found["serving_seconds"]["high"] > 9


def test_shares_are_of_all_requests_during_all_releases() -> None:
    one = {"requests": 30, "failed": 3, "slowed": 0}
    loud = release("a", 10, 4, refused="wrong answer")
    loud["noticed"] = {**loud["noticed"], "page": one}
    found = totals([trial(release("a", 10, 4)), trial(loud)])
    assert found is not None
    assert (found["undone"], found["started"]) == (1, None)
    page = found["noticed"]["page"]
    assert (page["failed"]["count"], page["failed"]["total"]) == (3, 40)
    assert page["failed"]["low"] < 3 / 40 < page["failed"]["high"]
    assert found["noticed"]["read"]["failed"]["share"] == 0


def test_without_a_release_there_is_nothing_to_sum_up() -> None:
    assert totals([]) is None
    assert totals([trial()]) is None
