"""Attempts whose changes of state come in any order."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognition.models import Recognition
from submissions.models import State
from submissions.services import ATTEMPTS_MAX, TIMED_OUT_ATTEMPTS_MAX
from tests.submissions.attempts import claim, complete, created, fail, postpone

pytestmark = pytest.mark.django_db


STEPS = st.lists(
    st.tuples(
        # Mostly those after which there are others.
        st.sampled_from(
            ["claim", "put off", "fail", "time out"] * 3 + ["complete", "fail for good"]
        ),
        # How far before or after the current attempt; a message of an earlier one comes late.
        st.sampled_from([0, 0, 0, 1, 2, -1]),
    ),
    max_size=30,
)


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_whatever_comes_in_whatever_order(steps: list[tuple[str, int]]) -> None:
    """A model of the row: only the current attempt changes the state, and it ends once.

    An attempt that is put off isn't counted.
    """
    submission = created()
    state, current, counted = State.PENDING, 1, 1
    calls: dict[str, Callable[[int], bool]] = {
        "claim": lambda attempt: claim(submission, attempt),
        "complete": lambda attempt: complete(submission, attempt),
        "fail": lambda attempt: fail(submission, attempt, retryable=True),
        "fail for good": lambda attempt: fail(submission, attempt, retryable=False),
        "time out": lambda attempt: fail(submission, attempt, retryable=True, code="timed-out"),
        "put off": lambda attempt: postpone(submission, attempt, retry_after_seconds=0),
    }
    for step, earlier in steps:
        attempt = current - earlier
        due = attempt == current and state == (
            State.PENDING if step == "claim" else State.PROCESSING
        )
        assert calls[step](attempt) is due
        if due:
            match step:
                case "claim":
                    state = State.PROCESSING
                case "complete":
                    state = State.SUCCEEDED
                case "fail" if counted < ATTEMPTS_MAX:
                    state, current, counted = State.PENDING, current + 1, counted + 1
                case "time out" if counted < TIMED_OUT_ATTEMPTS_MAX:
                    state, current, counted = State.PENDING, current + 1, counted + 1
                case "put off":
                    state, current = State.PENDING, current + 1
                case _:
                    state = State.FAILED
        submission.refresh_from_db()
        assert (submission.state, submission.attempt) == (state, current)
        assert submission.attempt - submission.postponements == counted
        assert (submission.completed_at is not None) == submission.is_final
        assert Recognition.objects.count() == (state == State.SUCCEEDED)
    submission.delete()
    Recognition.objects.all().delete()
