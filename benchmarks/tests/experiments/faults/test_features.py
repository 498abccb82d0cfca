"""Each row is about the feature that its caller came for."""

import pytest

from benchmarks.analysis.trials import READY, SHED
from benchmarks.experiments.faults.features import (
    READY_SECONDS,
    REQUEST_SECONDS,
    outcomes,
    submits,
)
from benchmarks.tests.experiments.faults.made_up import SUBMIT, call


@pytest.mark.parametrize(
    ("name", "features"),
    [
        ("/tokens", ["sign in"]),
        (SUBMIT, ["submit"]),
        ("/submissions", ["read"]),
        ("/", ["page"]),
        (READY, ["become ready"]),
        (SHED, ["submit", "become ready"]),
        ("/submissions/[id]?wait", []),
        ("/submissions/[id]/result", []),
        ("/account", []),
    ],
)
def test_a_row_belongs_to_its_feature(name: str, features: list[str]) -> None:
    assert [it.feature for it in outcomes([call(name, 1.0)])] == features


def test_a_refused_submission_is_refused_in_both_that_its_sender_came_for() -> None:
    submit, ready = outcomes([call(SUBMIT, 1.0, failed=True)])
    assert (submit.feature, submit.in_time, submit.accepted) == ("submit", False, True)
    assert (ready.feature, ready.in_time, ready.accepted) == ("become ready", False, False)


def test_late_is_served_and_not_in_time() -> None:
    late, in_time, slow_but_ready = outcomes(
        [
            call("/", 1.0, REQUEST_SECONDS + 0.01),
            call("/", 1.0, REQUEST_SECONDS),
            call(READY, 1.0, READY_SECONDS),
        ]
    )
    assert (late.served, late.in_time) == (True, False)
    assert in_time.in_time
    assert slow_but_ready.in_time


def test_a_failure_is_not_served_however_fast() -> None:
    (outcome,) = outcomes([call("/", 1.0, failed=True)])
    assert (outcome.served, outcome.in_time) == (False, False)


def test_a_shed_arrival_is_never_in_time() -> None:
    assert not any(it.in_time or it.accepted for it in outcomes([call(SHED, 1.0, 0.0)]))


def test_the_requests_to_submit_are_those_of_either_end() -> None:
    calls = [
        call(SUBMIT, 1.0, about="a"),
        call(SUBMIT, 2.0, failed=True),
        call(READY, 1.0, 0.5, about="a"),
    ]
    assert submits(calls) == calls[:2]
