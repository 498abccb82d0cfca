"""Attempts that failed, ran out of time or were put off, and when the next one is made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from submissions.models import State, Submission
from submissions.services import ATTEMPTS_MAX, TIMED_OUT_ATTEMPTS_MAX
from tests.submissions.attempts import claim, complete, created, fail, postpone

pytestmark = pytest.mark.django_db


def test_a_retryable_failure_is_tried_four_times_with_growing_pauses() -> None:
    submission = created()
    pauses = []
    for attempt in range(1, ATTEMPTS_MAX + 1):
        assert claim(submission, attempt)
        before = timezone.now()
        assert fail(submission, attempt, retryable=True)
        submission.refresh_from_db()
        due = submission.dispatch_after
        pauses.append((due - timezone.now(), due - before))
    assert submission.state == State.FAILED
    assert submission.attempt == ATTEMPTS_MAX == 4
    assert (submission.error_code, submission.error_detail) == ("image-unreachable", "Why.")
    assert submission.completed_at is not None
    for (least, most), planned in zip(pauses, (0.5, 1, 2), strict=False):  # after the last, none
        assert least.total_seconds() <= planned * 1.2
        assert most.total_seconds() >= planned * 0.8


def test_what_ran_out_of_time_is_tried_twice() -> None:
    submission = created()
    for attempt in range(1, TIMED_OUT_ATTEMPTS_MAX + 1):
        assert claim(submission, attempt)
        assert fail(submission, attempt, retryable=True, code="timed-out")
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.FAILED, 2)
    assert submission.error_code == "timed-out"


def test_an_attempt_that_cannot_be_made_is_put_off_and_not_counted() -> None:
    submission = created()
    for attempt in range(1, 11):
        assert claim(submission, attempt)
        now = timezone.now()
        assert postpone(submission, attempt, retry_after_seconds=50)
        submission.refresh_from_db()
        assert (submission.state, submission.attempt) == (State.PENDING, attempt + 1)
        assert submission.postponements == attempt
        assert submission.lease_expires_at is None
        pause = submission.dispatch_after - now
        assert timedelta(seconds=50) <= pause <= timedelta(seconds=61)
    assert claim(submission, 11)
    assert complete(submission, 11)


@pytest.mark.parametrize(
    ("code", "attempts_max"),
    [("image-unreachable", ATTEMPTS_MAX), ("timed-out", TIMED_OUT_ATTEMPTS_MAX)],
)
def test_attempts_that_were_put_off_leave_all_the_others(code: str, attempts_max: int) -> None:
    submission = created()
    attempt = 1
    for counted in range(1, attempts_max + 1):
        for _ in range(3):
            assert claim(submission, attempt)
            assert postpone(submission, attempt, retry_after_seconds=1)
            attempt += 1
        submission.refresh_from_db()
        assert (submission.state, submission.attempt) == (State.PENDING, attempt)
        assert attempt - submission.postponements == counted
        assert claim(submission, attempt)
        assert fail(submission, attempt, retryable=True, code=code)
        attempt += 1
    submission.refresh_from_db()
    assert (submission.state, submission.error_code) == (State.FAILED, code)


@pytest.mark.parametrize(
    ("age_seconds", "least", "most"), [(1, 2, 2.4), (60, 15, 18), (800, 30, 36)]
)
def test_the_older_it_is_the_longer_it_is_put_off(
    age_seconds: int, least: float, most: float
) -> None:
    submission = created()
    Submission.objects.update(created_at=timezone.now() - timedelta(seconds=age_seconds))
    claim(submission, 1)
    now = timezone.now()
    assert postpone(submission, 1, retry_after_seconds=0)
    submission.refresh_from_db()
    pause = submission.dispatch_after - now
    assert timedelta(seconds=least) <= pause <= timedelta(seconds=most + 1)


def test_what_is_away_for_too_long_is_a_failure() -> None:
    submission = created()
    Submission.objects.update(created_at=timezone.now() - timedelta(seconds=900))
    claim(submission, 1)
    assert postpone(submission, 1, retry_after_seconds=1)
    submission.refresh_from_db()
    assert (submission.state, submission.error_code) == (State.FAILED, "recognizer-unavailable")
    assert submission.completed_at is not None


def test_only_the_attempt_under_way_is_put_off() -> None:
    submission = created()
    assert not postpone(submission, 1, retry_after_seconds=1)
    claim(submission, 1)
    assert not postpone(submission, 2, retry_after_seconds=1)
    assert postpone(submission, 1, retry_after_seconds=1)
    assert not postpone(submission, 1, retry_after_seconds=1)
    claim(submission, 2)
    assert not postpone(submission, 1, retry_after_seconds=1)
    assert postpone(submission, 2, retry_after_seconds=1)


def test_a_final_failure_is_not_tried_again() -> None:
    submission = created()
    claim(submission, 1)
    fail(submission, 1, retryable=False)
    submission.refresh_from_db()
    assert submission.state == State.FAILED
