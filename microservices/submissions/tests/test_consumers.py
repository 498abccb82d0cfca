"""Messages received twice, late, out of order, and with unknown fields."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations, product
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from submissions import connections, consumers, services, sweeper
from submissions.models import OutboxMessage, State, Submission
from submissions.services import NewImage, submission_create
from tests import recognition
from tests.stores import s3

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_PAUSES_SECONDS", (0, 0))


@pytest.fixture
def submission() -> Submission:
    response = submission_create(account_id=uuid4(), image=NewImage(url="http://x.org/"))
    return Submission.objects.get(id=response.document["id"])


def test_an_attempt_from_its_beginning_to_its_end(submission: Submission) -> None:
    consumers.recognition_started(recognition.started(submission))
    submission.refresh_from_db()
    assert submission.state == State.PROCESSING
    consumers.recognition_completed(recognition.completed(submission))
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED
    assert submission.detection_count == 1
    assert (submission.image_media_type, submission.image_bytes) == ("image/gif", 123)
    assert submission.result_key == f"results/{submission.id}.json"


@pytest.mark.parametrize("times", [2, 10])
def test_what_comes_again_changes_nothing(submission: Submission, times: int) -> None:
    begun, ended = recognition.started(submission), recognition.completed(submission)
    for _ in range(times):
        consumers.recognition_started(begun)
    for _ in range(times):
        consumers.recognition_completed(ended)
    consumers.recognition_started(begun)
    consumers.recognition_failed(recognition.failed(submission, retryable=False))
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 1)


ORDERS = [
    order
    for order in permutations(("started", "failed", "started again", "completed"))
    # The second attempt is requested when the first has failed.
    if order.index("failed") < min(order.index("started again"), order.index("completed"))
]


@pytest.mark.parametrize("order", ORDERS)
def test_whatever_the_order_one_end_is_reached(
    submission: Submission, order: tuple[str, ...]
) -> None:
    """Attempt 1 fails, attempt 2 succeeds; the messages overtake each other."""
    messages: dict[str, Callable[[], None]] = {
        "started": lambda: consumers.recognition_started(recognition.started(submission)),
        "failed": lambda: consumers.recognition_failed(recognition.failed(submission)),
        "started again": lambda: consumers.recognition_started(recognition.started(submission, 2)),
        "completed": lambda: consumers.recognition_completed(recognition.completed(submission, 2)),
    }
    for name in order:
        messages[name]()
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 2)


def test_a_stale_attempt_is_refused(submission: Submission) -> None:
    consumers.recognition_started(recognition.started(submission))
    consumers.recognition_failed(recognition.failed(submission))
    consumers.recognition_completed(recognition.completed(submission, 1))
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PENDING, 2)
    stored = s3().list_objects_v2(Bucket="results", Prefix=f"results/{submission.id}")
    assert stored["KeyCount"] == 1  # the next attempt finds and uses it


def test_an_attempt_that_cannot_be_made_is_put_off(submission: Submission) -> None:
    consumers.recognition_started(recognition.started(submission))
    away = recognition.failed(submission, code="recognizer-unavailable", retry_after_seconds=20.5)
    for _ in range(2):  # the second changes nothing
        consumers.recognition_failed(away)
        assert_put_off_once(submission)


PUT_OFF_ORDERS = [
    order for order in product(("started", "failed"), repeat=4) if order.count("started") in (1, 2)
]


@pytest.mark.parametrize("order", PUT_OFF_ORDERS)
def test_an_attempt_is_put_off_once_in_whatever_order_its_messages_come(
    submission: Submission, order: tuple[str, ...]
) -> None:
    """With two consumers the failure may come first, and the broker may deliver either again."""
    begun = recognition.started(submission)
    away = recognition.failed(submission, code="recognizer-unavailable", retry_after_seconds=20.5)
    for name in order:
        if name == "started":
            consumers.recognition_started(begun)
        else:
            consumers.recognition_failed(away)
    assert_put_off_once(submission)
    Submission.objects.update(lease_expires_at=timezone.now())
    assert sweeper.attempts_expire() == 0
    consumers.recognition_started(recognition.started(submission, 2))
    consumers.recognition_completed(recognition.completed(submission, 2))
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED


def assert_put_off_once(submission: Submission) -> None:
    """Assert that no attempt is used up or under way, and that one waits to be requested."""
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.PENDING, 2)
    assert submission.postponements == 1
    assert submission.lease_expires_at is None
    (message,) = OutboxMessage.objects.filter(body__submission_id=str(submission.id)).exclude(
        publish_after__lt=timezone.now() + timedelta(seconds=15)
    )
    assert message.body["attempt"] == 2


def test_a_worker_that_dies_after_it_reported_an_outage_changes_nothing(
    submission: Submission,
) -> None:
    """Its request is delivered again, and reported as a crash; the next attempt waits already."""
    consumers.recognition_started(recognition.started(submission))
    consumers.recognition_failed(
        recognition.failed(submission, code="recognizer-unavailable", retry_after_seconds=20.5)
    )
    consumers.recognition_failed(recognition.failed(submission, code="recognizer-crashed"))
    assert_put_off_once(submission)
    assert OutboxMessage.objects.filter(body__submission_id=str(submission.id)).count() == 2


def test_an_attempt_that_never_began_is_not_counted(submission: Submission) -> None:
    """A worker died while it had the message: nothing was published before the failure."""
    for _ in range(10):
        consumers.recognition_failed(recognition.failed(submission, code="recognizer-crashed"))
        submission.refresh_from_db()
        assert (submission.state, submission.attempt) == (State.PENDING, 1)
    message = OutboxMessage.objects.latest("id")
    assert (message.body["submission_id"], message.body["attempt"]) == (str(submission.id), 1)
    Submission.objects.update(created_at=timezone.now() - timedelta(seconds=900))
    consumers.recognition_failed(recognition.failed(submission, code="recognizer-crashed"))
    submission.refresh_from_db()
    assert submission.attempt == 2


def test_an_image_that_kills_its_worker_ends_after_four_attempts(submission: Submission) -> None:
    for attempt in range(1, 5):
        consumers.recognition_started(recognition.started(submission, attempt))
        consumers.recognition_failed(
            recognition.failed(submission, attempt, code="recognizer-crashed")
        )
    submission.refresh_from_db()
    assert (submission.state, submission.error_code) == (State.FAILED, "recognizer-crashed")


def test_fields_that_are_not_known_are_ignored(submission: Submission) -> None:
    consumers.recognition_started(recognition.started(submission) | {"host": "x"})
    body = recognition.completed(submission)
    consumers.recognition_completed(body | {"cost": 1, "result": body["result"] | {"etag": "x"}})
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED


@pytest.mark.parametrize("name", ["recognition.started", "recognition.completed"])
def test_the_contract_s_own_examples_are_read(name: str) -> None:
    (example,) = recognition.schema(name)["examples"]
    consumer: Any = {
        "recognition.started": consumers.recognition_started,
        "recognition.completed": consumers.recognition_completed,
    }[name]
    consumer(example)  # of an unknown submission


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
def test_a_database_that_is_away_for_a_while_costs_nothing(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "submission_complete", Flaky(services.submission_complete, 2))
    consumers.recognition_completed(recognition.completed(submission))
    submission.refresh_from_db()
    assert submission.state == State.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_is_waited_for(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "submission_complete", Flaky(services.submission_complete, 20))
    consumers.recognition_completed(recognition.completed(submission))
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 1)
