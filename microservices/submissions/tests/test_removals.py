"""No object outlives its submission, whenever it is deleted and whatever is lost."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

from submissions import consumers, removals, services, storage, sweeper
from submissions.errors import NotFound
from submissions.identifiers import uuid7
from submissions.models import ObjectRemoval, State, Submission
from submissions.services import ATTEMPTS_MAX, NewImage, submission_create
from tests import recognition
from tests.conftest import image_bytes
from tests.stores import s3
from tests.test_reading import objects, removals_due

pytestmark = pytest.mark.django_db

END = 4  # an attempt is announced, made, reported, and its report repeated
FATES = ["it is recovered", "it is lost"]


@pytest.fixture
def submission() -> Submission:
    response = submission_create(
        account_id=uuid4(), image=NewImage(data=image_bytes(), media_type="image/jpeg")
    )
    return Submission.objects.get(id=response.document["id"])


@pytest.fixture(autouse=True)
def _nothing_but_its_own() -> Iterator[None]:
    before = objects()
    yield
    assert objects() <= before  # a purge may delete what other tests have left
    assert not ObjectRemoval.objects.exists()


def drain(submission: Submission) -> None:
    """Run the steps of consumer and sweeper until nothing is left to do."""
    for attempt in range(1, ATTEMPTS_MAX + 1):
        services.submission_claim(submission_id=submission.id, attempt=attempt)
        Submission.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        sweeper.attempts_expire()
    removals_due()
    removals.removals_finish(limit=100)


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("deleted", [*range(END + 1), "at last"])
@pytest.mark.parametrize("killed", range(END + 1))
def test_deleted_at_any_point_killed_at_any_point(
    submission: Submission, deleted: int | str, killed: int, fate: str
) -> None:
    def delete() -> None:
        with suppress(NotFound):
            services.submission_delete(
                account_id=submission.account_id, submission_id=str(submission.id)
            )

    report: dict[str, Any] = {}
    steps: list[Callable[[], object]] = [
        lambda: consumers.recognition_started(recognition.started(submission)),
        lambda: report.update(recognition.completed(submission)),  # stores image and result
        lambda: consumers.recognition_completed(report),
        lambda: consumers.recognition_completed(report),
    ]
    for number, step in enumerate(steps):
        if number == deleted:
            delete()
        if number == killed:
            break
        step()
    if fate == FATES[0]:  # the message comes again, and the result is found or isn't
        if report:
            consumers.recognition_completed(report)
        else:
            consumers.recognition_failed(recognition.failed(submission, code="recognizer-crashed"))
    delete()
    drain(submission)
    assert not Submission.objects.exists()


def test_a_failed_submission_has_no_objects(submission: Submission) -> None:
    """The first attempt stored image and result; all outcomes are lost."""
    report = recognition.completed(submission)
    drain(submission)
    submission.refresh_from_db()
    assert submission.state == State.FAILED
    # An attempt whose lease ended may still finish.
    recognition.completed(submission)
    consumers.recognition_completed(report)


def test_a_submission_that_was_put_off_and_ends_failed_leaves_no_objects() -> None:
    """The first attempt stored the image before the store failed; then the URL returned nothing."""
    response = submission_create(account_id=uuid4(), image=NewImage(url="https://example.org/"))
    submission = Submission.objects.get(id=response.document["id"])
    services.submission_claim(submission_id=submission.id, attempt=1)
    recognition.completed(submission)
    assert services.submission_postpone(
        submission_id=submission.id,
        attempt=1,
        code="recognizer-unavailable",
        detail="It is overloaded.",
        retry_after_seconds=0,
    )
    services.submission_claim(submission_id=submission.id, attempt=2)
    assert services.submission_fail(
        submission_id=submission.id,
        attempt=2,
        code="image-unreachable",
        detail="Nothing is there.",
        retryable=False,
    )
    assert removals.removals_finish(limit=100) == 1


def test_a_late_end_leaves_another_attempts_objects_alone(submission: Submission) -> None:
    before = objects()
    recognition.completed(submission)
    services.submission_discard(submission_id=submission.id)
    assert objects() > before
    services.submission_delete(account_id=submission.account_id, submission_id=str(submission.id))
    drain(submission)


@pytest.mark.usefixtures("_patient_sweeper")
def test_what_no_row_needs_is_found(submission: Submission, settings: Settings) -> None:
    """Foreign objects in the buckets stay, and are skipped."""
    store = s3()
    images, results = django_settings.IMAGE_BUCKET, django_settings.RESULT_BUCKET
    foreign = [(images, "images/!"), (images, "uploads/!"), (results, "results/!.txt")]
    for bucket, key in foreign:
        store.put_object(Bucket=bucket, Key=key, Body=b"")
    before = objects()
    for _ in range(3):
        gone = Submission(id=uuid7())
        storage.upload_put(submission_id=gone.id, data=b"upload")
        recognition.completed(gone)
    assert sum(sweeper.leftovers_purge()) == 0  # they are too young
    settings.LEFTOVER_GRACE = timedelta(seconds=-5)
    assert sum(sweeper.leftovers_purge()) >= 6  # an image and its result go together
    sum(sweeper.history_purge())
    assert objects() <= before
    assert f"uploads/{submission.id}" in objects()
    for bucket, key in foreign:
        assert key in objects()
        store.delete_object(Bucket=bucket, Key=key)
    services.submission_delete(account_id=submission.account_id, submission_id=str(submission.id))
    drain(submission)


@pytest.mark.usefixtures("_patient_sweeper")
def test_a_page_of_objects_costs_one_query(
    settings: Settings, django_assert_num_queries: Any
) -> None:
    settings.LEFTOVER_GRACE = timedelta(seconds=-5)
    sum(sweeper.leftovers_purge())  # what other tests have left
    for _ in range(20):
        storage.upload_put(submission_id=uuid7(), data=b"upload")
    with django_assert_num_queries(2):  # the page's, and that of the old keys
        assert sum(sweeper.leftovers_purge()) == 20


def test_a_sweep_carries_out_at_most_its_limit() -> None:
    for _ in range(3):
        removals.removal_request(submission_id=uuid4(), after=timedelta(0))
    assert removals.removals_finish(limit=2) == 2
    assert removals.removals_finish(limit=2) == 1
