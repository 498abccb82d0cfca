"""No object outlives its submission, whenever it is deleted and whichever process dies."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

import recognition.services
import recognition.storage
from recognition.models import Detection, Recognition
from submissions import removals, services, storage, sweeper, tasks
from submissions.errors import NotFound
from submissions.identifiers import uuid7
from submissions.models import ObjectRemoval, State, Submission
from submissions.services import ATTEMPTS_MAX, NewImage, submission_create
from tests.conftest import image_bytes, kept_image
from tests.stores import s3
from tests.submissions.test_reading import objects, removals_due

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Simulates the death of the process."""


# Before each of these, and after the last, the attempt can be killed.
POINTS: list[tuple[Any, str]] = [
    (services, "submission_claim"),
    (recognition.services, "_source"),
    (recognition.storage, "image_put_once"),
    (recognition.storage, "result_put_once"),
    (services, "submission_complete"),
    (services, "_final"),
]
END = len(POINTS)
LATER = ["before it is redelivered", "after it is redelivered"]


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


def at_points(patch: pytest.MonkeyPatch, hooks: dict[int, list[Callable[[], None]]]) -> None:
    """Call hooks before the points with these numbers."""
    for number, (owner, name) in enumerate(POINTS):
        patch.setattr(owner, name, _hooked(getattr(owner, name), hooks.get(number, [])))


def _hooked(call: Callable[..., Any], hooks: list[Callable[[], None]]) -> Any:
    def hooked(*arguments: Any, **options: Any) -> Any:
        for hook in hooks:
            hook()
        return call(*arguments, **options)

    return hooked


def die() -> None:
    raise Killed


def drain(submission: Submission) -> None:
    """Run the steps of worker and sweeper until nothing is left to do."""
    for _ in range(2 * ATTEMPTS_MAX):
        Submission.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        sweeper.attempts_expire()
        row = Submission.objects.filter(id=submission.id, state=State.PENDING).first()
        if row is None:
            break
        tasks.attempt_make(row.id, row.attempt, redelivered=False)
    removals_due()
    removals.removals_finish(limit=100)


@pytest.mark.parametrize(
    ("deleted", "killed"),
    [
        (deleted, killed)
        for killed in range(END + 1)
        for deleted in [*range(killed + 1), *LATER]  # after its death it deletes nothing
    ],
)
def test_deleted_at_any_point_killed_at_any_point(
    submission: Submission, deleted: int | str, killed: int
) -> None:
    def delete() -> None:
        services.submission_delete(
            account_id=submission.account_id, submission_id=str(submission.id)
        )

    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        hooks: dict[int, list[Callable[[], None]]] = {}
        if isinstance(deleted, int):
            hooks.setdefault(deleted, []).append(delete)
        hooks.setdefault(killed, []).append(die)
        at_points(patch, hooks)
        tasks.attempt_make(submission.id, 1, redelivered=False)
        for hook in hooks.get(END, []):
            hook()
    if isinstance(deleted, int) and ObjectRemoval.objects.count() == 0:
        # The attempt ended before this point, or the removal is done.
        with suppress(NotFound):
            delete()
    if deleted == LATER[0]:
        delete()
    tasks.attempt_make(submission.id, 1, redelivered=True)
    if deleted == LATER[1]:
        delete()
    drain(submission)
    for model in (Submission, Recognition, Detection, ObjectRemoval):
        assert not model.objects.exists()


def test_a_failed_submission_has_no_objects(submission: Submission) -> None:
    """The first attempt stored image and result; all outcomes are lost."""
    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        at_points(patch, {4: [die]})
        tasks.attempt_make(submission.id, 1, redelivered=False)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        services.submission_claim(submission_id=submission.id, attempt=attempt)
        Submission.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        sweeper.attempts_expire()
    submission.refresh_from_db()
    assert submission.state == State.FAILED
    assert removals.removals_finish(limit=100) == 1
    # An attempt whose lease ended may still finish.
    recognition.storage.result_put_once(submission_id=submission.id, result={})
    services.submission_discard(submission_id=submission.id)


def test_a_first_attempt_that_was_put_off_and_ends_failed_leaves_no_objects() -> None:
    """The attempt stored the image before the store failed; then the URL returned nothing."""
    response = submission_create(account_id=uuid4(), image=NewImage(url="https://example.org/"))
    submission = Submission.objects.get(id=response.document["id"])
    services.submission_claim(submission_id=submission.id, attempt=1)
    recognition.storage.image_put_once(submission_id=submission.id, image=kept_image(image_bytes()))
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
    recognition.storage.result_put_once(submission_id=submission.id, result={})
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
        gone = uuid7()
        storage.upload_put(submission_id=gone, data=b"upload")
        recognition.storage.image_put_once(submission_id=gone, image=kept_image(b"image"))
        recognition.storage.result_put_once(submission_id=gone, result={})
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
