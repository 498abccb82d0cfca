"""Updates of a row: one statement each, without effect once the row has moved on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, transaction
from django.db.models import Model
from django.utils import timezone

from submissions import services
from submissions.messages import message_new
from submissions.models import OutboxMessage, State, Submission
from submissions.services import NewImage, _new
from submissions.statements import CLAIM, COMPLETE, rows_insert, rows_update, submission_update
from tests.attempts import created

pytestmark = pytest.mark.django_db


def test_the_row_is_returned_as_it_is_afterwards(django_assert_num_queries: Any) -> None:
    submission = created(url="http://example.org/a.jpg")
    now = timezone.now()
    with django_assert_num_queries(1):
        ended = submission_update(
            COMPLETE,
            submission_id=submission.id,
            attempt=1,
            now=now,
            detection_count=2,
            result_bucket="results",
            result_key="results/x.json",
            image_media_type="image/png",
            image_bytes=123,
        )
        assert ended is not None
        found = {field.attname: getattr(ended, field.attname) for field in ended._meta.fields}
    assert Submission.objects.filter(**found).exists()
    assert (ended.state, ended.completed_at) == (State.SUCCEEDED, now)
    assert ended.image_url == "http://example.org/a.jpg"


@pytest.mark.parametrize(
    ("column", "value"),
    [("attempt", 2), ("state", State.PROCESSING)],
)
def test_a_row_that_has_moved_on_stays_as_it_is(column: str, value: object) -> None:
    submission, bystander = created(), created()
    Submission.objects.filter(id=submission.id).update(**{column: value})
    before = list(Submission.objects.order_by("id").values())
    now = timezone.now() + timedelta(seconds=1)
    parameters = {"submission_id": submission.id, "now": now, "lease_expires_at": now}
    assert rows_update(CLAIM, attempt=1, **parameters) == 0
    assert list(Submission.objects.order_by("id").values()) == before
    assert services.submission_claim(submission_id=bystander.id, attempt=1)


def columns(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}


def test_a_submission_and_its_message_are_inserted_by_one_statement(
    django_assert_num_queries: Any,
) -> None:
    submission = _new(uuid4(), NewImage(data=b"pixels", media_type="image/png"))
    message = message_new(submission)
    with django_assert_num_queries(1):
        rows_insert(submission, message)
    assert Submission.objects.values().get(id=submission.id) == columns(submission)
    assert OutboxMessage.objects.values().get(id=message.id) == columns(message)


def test_neither_row_is_inserted_without_the_other() -> None:
    submission = _new(uuid4(), NewImage(url="http://example.org/a.jpg"))
    message = message_new(submission)
    message.name = "n" * 101
    with pytest.raises(DataError), transaction.atomic():
        rows_insert(submission, message)
    assert not Submission.objects.filter(id=submission.id).exists()
    assert not OutboxMessage.objects.filter(body__submission_id=str(submission.id)).exists()
