"""One attempt of the worker."""

from time import sleep
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded
from django.db import InterfaceError, InternalError, OperationalError
from django.utils import timezone
from pytest_django import Settings

from imaging import ImageCorrupt
from imaging.recognizers.synthetic import Synthetic
from recognition.errors import (
    AttemptFailed,
    ImagingFailed,
    SourceUnreachable,
    StorageUnavailable,
    UnexpectedFailure,
)
from recognition.services import Outcome, recognition_run
from submissions import connections, services, tasks
from submissions.models import State, Submission
from submissions.services import NewImage, submission_create
from tests.conftest import image_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission() -> Submission:
    response = submission_create(
        account_id=uuid4(), image=NewImage(data=image_bytes(), media_type="image/jpeg")
    )
    return Submission.objects.get(id=response.document["id"])


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_PAUSES_SECONDS", (0, 0))


class Recognizing:
    """A fake of recognition that counts calls."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls = 0
        self.error = error

    def __call__(self, **_: Any) -> Outcome:
        self.calls += 1
        raise self.error or AssertionError


def attempt(submission: Submission, number: int = 1, *, redelivered: bool = False) -> None:
    tasks.attempt_make(submission.id, number, redelivered=redelivered)
    if Submission.objects.filter(id=submission.id).exists():
        submission.refresh_from_db()


def test_it_ends_with_a_result(submission: Submission) -> None:
    attempt(submission)
    assert submission.state == State.SUCCEEDED
    assert submission.detection_count == 1


def test_ten_deliveries_are_one_attempt(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        attempt(submission)
    assert submission.state == State.SUCCEEDED
    assert submission.attempt == 1


def test_a_second_message_leaves_the_one_that_is_worked_on_alone(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizing = Recognizing()
    monkeypatch.setattr(tasks, "recognition_run", recognizing)
    services.submission_claim(submission_id=submission.id, attempt=1)
    attempt(submission)
    assert recognizing.calls == 0
    assert (submission.state, submission.attempt) == (State.PROCESSING, 1)


def test_an_old_message_is_dropped(submission: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    recognizing = Recognizing()
    monkeypatch.setattr(tasks, "recognition_run", recognizing)
    Submission.objects.update(attempt=2)
    attempt(submission, 1)
    assert recognizing.calls == 0
    assert submission.state == State.PENDING


@pytest.mark.parametrize(
    ("error", "state", "number"),
    [
        (ImagingFailed("d", code="image-corrupt", retryable=False), State.FAILED, 1),
        (ImagingFailed("d", code="image-unreachable", retryable=True), State.PENDING, 2),
        (UnexpectedFailure(), State.PENDING, 2),
    ],
)
def test_a_failure(
    submission: Submission,
    monkeypatch: pytest.MonkeyPatch,
    error: AttemptFailed,
    state: State,
    number: int,
) -> None:
    monkeypatch.setattr(tasks, "recognition_run", Recognizing(error))
    attempt(submission)
    assert (submission.state, submission.attempt) == (state, number)


@pytest.mark.parametrize(
    "error",
    [StorageUnavailable(), SourceUnreachable()],
)
def test_what_is_away_costs_no_attempt(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, error: AttemptFailed
) -> None:
    monkeypatch.setattr(tasks, "recognition_run", Recognizing(error))
    for number in range(1, 6):
        attempt(submission, number)
        assert (submission.state, submission.attempt) == (State.PENDING, number + 1)
        assert submission.postponements == number
        assert submission.dispatch_after > timezone.now()


def test_the_time_limit_runs_from_the_start_of_the_task(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """The time limit includes waits before the recognition, such as for the database."""
    settings.TIME_LIMIT_SECONDS = 2
    claimed = services.submission_claim

    def slow_claim(**arguments: Any) -> Submission | None:
        sleep(1.2)
        return claimed(**arguments)

    def interrupted(*_: object) -> None:
        raise ImageCorrupt("as a decoder reports when the soft time limit interrupts it")

    monkeypatch.setattr(services, "submission_claim", slow_claim)
    monkeypatch.setattr(Synthetic, "recognize", interrupted)
    attempt(submission)
    assert (submission.state, submission.attempt) == (State.PENDING, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["submission_claim", "submission_complete"])
def test_the_soft_time_limit_outside_the_recognition(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    call = getattr(services, name)

    def interrupted(**arguments: Any) -> None:
        if name == "submission_claim":
            call(**arguments)
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(services, name, interrupted)
    tasks.recognize.run(str(submission.id), 1)
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PENDING, 2)


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_at_the_hard_limit_is_reported_at_once(submission: Submission) -> None:
    services.submission_claim(submission_id=submission.id, attempt=1)
    arguments = [str(submission.id), 1]
    tasks.recognize.on_failure(ZeroDivisionError(), "id", arguments, {}, None)
    submission.refresh_from_db()
    assert submission.state == State.PROCESSING
    tasks.recognize.on_failure(TimeLimitExceeded(35), "id", arguments, {}, None)
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PENDING, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError, InternalError])
def test_no_error_of_the_database_keeps_the_message_of_a_stuck_child(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Celery acknowledges the message after this call, unless the call raises."""

    def unable(**_: Any) -> bool:
        raise error

    monkeypatch.setattr(services, "submission_fail", unable)
    tasks.recognize.on_failure(TimeLimitExceeded(35), "id", [str(submission.id), 1], {}, None)


def test_a_message_whose_holder_died_is_not_run_blindly(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizing = Recognizing()
    monkeypatch.setattr(tasks, "recognition_run", recognizing)
    for number in range(1, 5):
        services.submission_claim(submission_id=submission.id, attempt=number)  # and dies
        attempt(submission, number, redelivered=True)
    assert recognizing.calls == 0
    assert (submission.state, submission.error_code) == (State.FAILED, "recognizer-crashed")


def test_a_redelivered_message_of_a_postponed_attempt_fails_no_later_one(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its acknowledgement was lost, and another worker makes the attempt that followed."""
    monkeypatch.setattr(tasks, "recognition_run", Recognizing(StorageUnavailable()))
    attempt(submission)
    services.submission_claim(submission_id=submission.id, attempt=2)
    attempt(submission, 1, redelivered=True)
    assert (submission.state, submission.attempt) == (State.PROCESSING, 2)


def test_a_redelivered_message_whose_attempt_never_began_is_run(submission: Submission) -> None:
    """As when a worker is stopped while it processes a message."""
    attempt(submission, redelivered=True)
    assert submission.state == State.SUCCEEDED


def test_a_submission_deleted_meanwhile(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:

    def deleting(**arguments: Any) -> Outcome:
        outcome = recognition_run(**arguments)
        services.submission_delete(
            account_id=submission.account_id, submission_id=str(submission.id)
        )
        return outcome

    monkeypatch.setattr(tasks, "recognition_run", deleting)
    attempt(submission)
    assert not Submission.objects.exists()


def test_a_message_without_an_attempt_is_refused(submission: Submission) -> None:
    """A default would claim an attempt that was not requested."""
    recognize: Any = tasks.recognize.run
    with pytest.raises(TypeError, match="attempt"):
        recognize(str(submission.id))
    submission.refresh_from_db()
    assert submission.state == State.PENDING


def test_a_message_for_nothing(submission: Submission) -> None:
    tasks.attempt_make(uuid4(), 1, redelivered=True)
    tasks.attempt_make(uuid4(), 1, redelivered=False)


class Flaky:
    """Fail so many times as an unavailable database does, and then call the function."""

    def __init__(self, call: Any, times: int) -> None:
        self.call, self.times = call, times

    def __call__(self, **arguments: Any) -> Any:
        if self.times:
            self.times -= 1
            raise OperationalError
        return self.call(**arguments)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["submission_claim", "submission_complete"])
def test_a_database_that_is_away_for_a_while_costs_nothing(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(services, name, Flaky(getattr(services, name), 2))
    attempt(submission)
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 1)


@pytest.mark.django_db(transaction=True)
def test_a_claim_whose_response_is_lost_is_made_again(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, calls = services.submission_claim, []

    def losing(**arguments: Any) -> Submission | None:
        claimed = claim(**arguments)
        calls.append(claimed)
        if len(calls) == 1:
            raise OperationalError
        return claimed

    monkeypatch.setattr(services, "submission_claim", losing)
    attempt(submission)
    assert len(calls) == 2
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 1)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_is_waited_for(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "submission_complete", Flaky(services.submission_complete, 20))
    attempt(submission)
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 1)


def test_celery_reports_whether_it_is_redelivered(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def noticing(_: UUID, __: int, *, redelivered: bool) -> None:
        seen.append(redelivered)

    monkeypatch.setattr(tasks, "attempt_make", noticing)
    for delivery in ({"redelivered": True}, {"redelivered": None}, {}, None):
        push: Any = tasks.recognize.push_request
        push(delivery_info=delivery)
        tasks.recognize.run(str(uuid4()), 1)
        tasks.recognize.pop_request()
    assert seen == [True, False, False, False]
