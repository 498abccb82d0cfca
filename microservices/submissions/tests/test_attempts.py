"""Attempts: each change of state names the attempt that it belongs to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions import services
from submissions.messages import Outcome
from submissions.models import OPEN_STATES, OutboxMessage, State, Submission
from submissions.services import (
    ATTEMPTS_MAX,
    TIMED_OUT_ATTEMPTS_MAX,
    NewImage,
    submission_create,
)

pytestmark = pytest.mark.django_db


def created(account_id: UUID | None = None, **image: Any) -> Submission:
    response = submission_create(
        account_id=account_id or uuid4(), image=NewImage(**(image or {"url": "http://x.org/"}))
    )
    return Submission.objects.get(id=response.document["id"])


def claim(submission: Submission, attempt: int) -> bool:
    return services.submission_claim(submission_id=submission.id, attempt=attempt)


def complete(submission: Submission, attempt: int) -> bool:
    outcome = Outcome(
        result_bucket="results",
        result_key="results/x.json",
        detection_count=1,
        source_media_type="image/gif",
        source_bytes=123,
    )
    return services.submission_complete(
        submission_id=submission.id, attempt=attempt, outcome=outcome
    )


def fail(
    submission: Submission,
    attempt: int,
    *,
    retryable: bool,
    code: str = "image-unreachable",
) -> bool:
    return services.submission_fail(
        submission_id=submission.id,
        attempt=attempt,
        code=code,
        detail="Why.",
        retryable=retryable,
    )


def postpone(submission: Submission, attempt: int, *, retry_after_seconds: float) -> bool:
    return services.submission_postpone(
        submission_id=submission.id,
        attempt=attempt,
        code="recognizer-unavailable",
        detail="Why.",
        retry_after_seconds=retry_after_seconds,
    )


def test_a_claim_is_given_once() -> None:
    submission = created()
    assert claim(submission, 1)
    assert not claim(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.PROCESSING
    assert submission.started_at is not None
    assert submission.lease_expires_at is not None
    lease = submission.lease_expires_at - submission.started_at
    assert lease == timedelta(seconds=45)


@pytest.mark.django_db(transaction=True)
def test_ten_claims_at_once_give_one() -> None:
    submission = created()

    def one(_: int) -> bool:
        try:
            return claim(submission, 1)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(one, range(10))) == 1


def test_the_outcome_is_copied_and_a_final_state() -> None:
    submission = created()
    claim(submission, 1)
    assert complete(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED
    assert submission.detection_count == 1
    assert (submission.image_media_type, submission.image_bytes) == ("image/gif", 123)
    assert submission.lease_expires_at is None
    assert (submission.result_bucket, submission.result_key) == ("results", "results/x.json")


def test_an_outcome_is_taken_once() -> None:
    submission = created()
    claim(submission, 1)
    assert complete(submission, 1)
    assert not complete(submission, 1)
    assert not fail(submission, 1, retryable=True)


def test_an_outcome_counts_without_a_started_message() -> None:
    """The message may be lost or late."""
    submission = created()
    assert complete(submission, 1)
    assert not claim(submission, 1)
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED
    assert submission.started_at == submission.completed_at


def test_an_outdated_attempt_changes_nothing() -> None:
    submission = created()
    claim(submission, 1)
    fail(submission, 1, retryable=True)
    claim(submission, 2)
    assert not complete(submission, 1)
    assert not fail(submission, 1, retryable=False)
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PROCESSING, 2)
    assert complete(submission, 2)


def test_state_and_outbox_come_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    submission = created()
    claim(submission, 1)
    OutboxMessage.objects.all().delete()

    def breaks(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(Submission, "save", breaks)
    with pytest.raises(ArithmeticError):
        fail(submission, 1, retryable=True)
    submission.refresh_from_db()
    assert submission.state == State.PROCESSING
    assert not OutboxMessage.objects.exists()


def test_a_retryable_failure_is_tried_four_times_with_growing_pauses() -> None:
    submission = created()
    pauses = []
    for attempt in range(1, ATTEMPTS_MAX + 1):
        assert claim(submission, attempt)
        before = timezone.now()
        assert fail(submission, attempt, retryable=True)
        submission.refresh_from_db()
        if attempt < ATTEMPTS_MAX:
            due = OutboxMessage.objects.latest("id").publish_after
            pauses.append((due - timezone.now(), due - before))
    assert submission.state == State.FAILED
    assert submission.attempt == ATTEMPTS_MAX == 4
    assert (submission.error_code, submission.error_detail) == ("image-unreachable", "Why.")
    assert submission.completed_at is not None
    for (least, most), planned in zip(pauses, (0.5, 1, 2), strict=True):
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
    for _ in range(10):
        assert claim(submission, 1)
        now = timezone.now()
        assert postpone(submission, 1, retry_after_seconds=50)
        submission.refresh_from_db()
        assert (submission.state, submission.attempt) == (State.PENDING, 1)
        assert submission.lease_expires_at is None
        pause = OutboxMessage.objects.latest("id").publish_after - now
        assert timedelta(seconds=50) <= pause <= timedelta(seconds=61)
    assert claim(submission, 1)
    assert complete(submission, 1)


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
    pause = OutboxMessage.objects.latest("id").publish_after - now
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


def test_a_final_failure_is_not_tried_again() -> None:
    submission = created()
    claim(submission, 1)
    fail(submission, 1, retryable=False)
    submission.refresh_from_db()
    assert submission.state == State.FAILED


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "complete", "fail", "fail for good", "time out", "put off"]),
        st.integers(1, ATTEMPTS_MAX + 1),
    ),
    max_size=20,
)


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_whatever_comes_in_whatever_order(steps: list[tuple[str, int]]) -> None:
    """A model of the row: only the current attempt changes the state, and it ends once."""
    submission = created()
    state, current = State.PENDING, 1
    calls: dict[str, Callable[[int], bool]] = {
        "claim": lambda attempt: claim(submission, attempt),
        "complete": lambda attempt: complete(submission, attempt),
        "fail": lambda attempt: fail(submission, attempt, retryable=True),
        "fail for good": lambda attempt: fail(submission, attempt, retryable=False),
        "time out": lambda attempt: fail(submission, attempt, retryable=True, code="timed-out"),
        "put off": lambda attempt: postpone(submission, attempt, retry_after_seconds=0),
    }
    for step, attempt in steps:
        due = attempt == current and (
            state == State.PENDING
            if step == "claim"
            else state == State.PROCESSING
            if step == "put off"
            else state in OPEN_STATES
        )
        assert calls[step](attempt) is due
        if due:
            match step:
                case "claim":
                    state = State.PROCESSING
                case "complete":
                    state = State.SUCCEEDED
                case "fail" if current < ATTEMPTS_MAX:
                    state, current = State.PENDING, current + 1
                case "time out" if current < TIMED_OUT_ATTEMPTS_MAX:
                    state, current = State.PENDING, current + 1
                case "put off":
                    state = State.PENDING
                case _:
                    state = State.FAILED
        submission.refresh_from_db()
        assert (submission.state, submission.attempt) == (state, current)
        assert (submission.completed_at is not None) == submission.is_final
    submission.delete()


def test_the_database_itself_refuses_a_failure_without_a_reason() -> None:
    submission = created()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(id=submission.id).update(state=State.FAILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(id=submission.id).update(completed_at=timezone.now())
