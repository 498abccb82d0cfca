"""The count of an account's submissions, its checkpoint, and the two under concurrency."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from submissions import counts, services
from submissions.errors import Unavailable
from submissions.identifiers import uuid7
from submissions.models import AccountCount, Submission
from submissions.selectors import submission_count
from submissions.services import NewImage, submission_create
from tests.submissions.rows import submissions_fill

MANY = 2 * counts.RECENT_MAX + 500
_SECONDS = 3.0  # that the concurrent test takes, and longer until each step was made often enough
_LIMIT_SECONDS = 40.0


def recent(account_id: UUID) -> int:
    """Return how many rows a read counts."""
    return counts._look(account_id, limit=None)[2]


def row(account_id: UUID, submission_id: UUID) -> Submission:
    now = timezone.now()
    return Submission(
        id=submission_id,
        account_id=account_id,
        dispatch_after=now,
        image_kind="url",
        image_url="https://example.org/",
        created_at=now,
    )


@pytest.mark.django_db
def test_a_few_need_no_checkpoint(account_id: UUID) -> None:
    submissions_fill(account_id=account_id, count=counts.RECENT_MAX)
    submissions_fill(account_id=uuid4(), count=10)
    assert submission_count(account_id=account_id) == counts.RECENT_MAX
    assert not AccountCount.objects.exists()


@pytest.mark.django_db
def test_many_are_read_once(account_id: UUID) -> None:
    submissions_fill(account_id=account_id, count=MANY)
    newest = row(account_id, uuid7())
    newest.save(force_insert=True)
    for _ in range(2):
        assert submission_count(account_id=account_id) == MANY + 1
        assert recent(account_id) == 1
    submissions_fill(account_id=uuid4(), count=10)
    assert submission_count(account_id=account_id) == MANY + 1


@pytest.mark.django_db
def test_rows_that_are_not_settled_stay_recent(account_id: UUID) -> None:
    submissions_fill(
        account_id=account_id,
        count=MANY,
        newest=timezone.now(),
        apart=timedelta(milliseconds=1),
    )
    assert submission_count(account_id=account_id) == MANY
    assert recent(account_id) == MANY
    moved = AccountCount.objects.get()
    assert submission_count(account_id=account_id) == MANY
    assert AccountCount.objects.get().counted_up_to == moved.counted_up_to  # no move at each read


@pytest.mark.django_db
def test_a_deletion_subtracts_a_counted_row_only(account_id: UUID) -> None:
    submissions_fill(account_id=account_id, count=MANY)
    newest = row(account_id, uuid7())
    newest.save(force_insert=True)
    submission_count(account_id=account_id)
    oldest = Submission.objects.filter(account_id=account_id).earliest("id")
    for number, gone in enumerate((newest, oldest)):
        services.submission_delete(account_id=account_id, submission_id=str(gone.id))
        assert submission_count(account_id=account_id) == MANY - number
        assert recent(account_id) == 0
    assert AccountCount.objects.get().count == MANY - 1


@pytest.mark.django_db
def test_a_database_that_is_read_only(account_id: UUID) -> None:
    submissions_fill(account_id=account_id, count=MANY)
    connection.check_constraints()  # the rows' own; none is left for the end
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert submission_count(account_id=account_id) == MANY
    assert not AccountCount.objects.exists()


@pytest.mark.django_db
def test_an_id_that_is_too_old_is_not_inserted(
    account_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process was frozen after it had made the id."""
    now_ns, two_minutes = time.time_ns(), 120 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: now_ns - two_minutes)
    with pytest.raises(Unavailable):
        submission_create(account_id=account_id, image=NewImage(url="https://example.org/"))
    assert not Submission.objects.exists()


class Ids:
    """Ids of rows that are being inserted; a checkpoint may move up to the oldest of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[UUID] = set()

    def make(self) -> UUID:
        with self._lock:
            made = uuid7()
            self._open.add(made)
            return made

    def committed(self, submission_id: UUID) -> None:
        with self._lock:
            self._open.discard(submission_id)

    def settled_up_to(self) -> UUID:
        with self._lock:
            return UUID(int=min([*self._open, uuid7()]).int - 1)


@pytest.mark.django_db(transaction=True)
def test_the_count_is_right_at_every_moment(
    account_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are added and deleted, and the checkpoint moves, all at once."""
    ids, end, seen = Ids(), threading.Event(), {"counted": 0, "deleted": 0, "compared": 0}
    monkeypatch.setattr(counts, "RECENT_MAX", 3)
    monkeypatch.setattr(counts, "_SETTLED", timedelta(0))
    monkeypatch.setattr(counts, "_settled_up_to", ids.settled_up_to)

    def insert() -> None:
        made = ids.make()
        with transaction.atomic():
            row(account_id, made).save(force_insert=True)
            time.sleep(random.uniform(0, 0.005))
        ids.committed(made)

    def delete() -> None:
        rows = list(Submission.objects.filter(account_id=account_id).order_by("?")[:1])
        with transaction.atomic():
            time.sleep(random.uniform(0, 0.005))
            for gone in rows:
                seen["deleted"] += Submission.objects.filter(id=gone.id).delete()[0]
            time.sleep(random.uniform(0, 0.005))

    def count() -> None:
        submission_count(account_id=account_id)
        seen["counted"] += 1

    def compare() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            counted, _, newer = counts._look(account_id, limit=None)
            real = Submission.objects.filter(account_id=account_id).count()
        assert counted + newer == real
        seen["compared"] += 1

    steps = [insert, insert, delete, delete, count, compare]
    errors = run_all(steps, end, enough=lambda: min(seen.values()) > 20)
    assert errors == []
    assert min(seen.values()) > 20, seen
    checkpoint = AccountCount.objects.get()
    assert checkpoint.count > 0 or checkpoint.counted_up_to.int > 0
    real = Submission.objects.filter(account_id=account_id).count()
    assert submission_count(account_id=account_id) == real


def run_all(
    steps: list[Callable[[], None]], end: threading.Event, *, enough: Callable[[], bool]
) -> list[BaseException]:
    """Repeat each step in a thread of its own, for a while and until it is enough.

    Return what they raised.
    """
    errors: list[BaseException] = []

    def repeat(step: Callable[[], None]) -> None:
        try:
            while not end.is_set():
                step()
        except BaseException as error:  # noqa: BLE001 - asserted by the caller
            errors.append(error)
            end.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=repeat, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    end.wait(_SECONDS)
    limit = time.monotonic() + _LIMIT_SECONDS
    while not enough() and time.monotonic() < limit and not end.wait(0.1):
        pass
    end.set()
    for thread in threads:
        thread.join()
    return errors
