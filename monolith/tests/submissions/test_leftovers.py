"""The sweeper's work doesn't grow with the number of stored objects and keys."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

import recognition.storage
from submissions import storage, sweeper
from submissions.identifiers import uuid7, uuid7_least
from submissions.management.commands import sweep
from submissions.models import OPEN_STATES, HistoryPosition, IdempotencyKey
from tests.conftest import kept_image
from tests.submissions.test_reading import objects

pytestmark = pytest.mark.django_db


class Listing:
    """Pages of one id each, named 1 to 9; the names after which pages were requested."""

    def __init__(self) -> None:
        self.after: list[str] = []

    def page(self, *, older_than: timedelta, after: str) -> tuple[list[UUID], str | None]:
        del older_than
        self.after.append(after)
        number = int(after or 0) + 1
        return [uuid4()], str(number) if number < 9 else None


@pytest.fixture
def listing(monkeypatch: pytest.MonkeyPatch) -> Listing:
    made = Listing()
    one = sweeper._Listing(made.page, OPEN_STATES, lambda **_: None)
    monkeypatch.setattr(sweeper, "_LISTINGS", {"uploads": one})
    return made


def leave(submission_id: UUID) -> set[str]:
    """Store objects of a submission that doesn't exist; return the ids in their keys."""
    before = objects()
    storage.upload_put(submission_id=submission_id, data=b"upload")
    recognition.storage.image_put_once(submission_id=submission_id, image=kept_image(b"image"))
    recognition.storage.result_put_once(submission_id=submission_id, result={})
    return objects() - before


@pytest.mark.usefixtures("_patient_sweeper")
def test_leftovers_of_old_submissions_are_found_by_the_pass_over_all(settings: Settings) -> None:
    settings.LEFTOVER_GRACE = timedelta(seconds=-5)
    new, old = leave(uuid7()), leave(uuid7_least(timezone.now() - timedelta(hours=2)))
    assert sum(sweeper.leftovers_purge()) >= 2
    assert not new & objects()
    assert old <= objects()
    assert sum(sweeper.history_purge()) >= 2
    assert not old & objects()


def test_the_pass_over_all_continues_where_one_ended(listing: Listing) -> None:
    assert list(islice(sweeper.history_purge(), 3)) == [1, 1, 1]
    assert len(list(sweeper.history_purge())) == 6
    assert listing.after == ["", "1", "2", "3", "4", "5", "6", "7", "8"]
    next(sweeper.history_purge())
    assert listing.after[-1] == ""
    assert HistoryPosition.objects.get().last == "1"


def test_recent_submissions_are_those_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []

    def page(*, older_than: timedelta, after: str) -> tuple[list[UUID], str | None]:
        del older_than
        listed.append(after)
        return [], None

    one = sweeper._Listing(page, OPEN_STATES, lambda **_: None)
    monkeypatch.setattr(sweeper, "_LISTINGS", {"uploads": one})
    assert sum(sweeper.leftovers_purge()) == 0
    hour_ago = uuid7_least(timezone.now() - timedelta(hours=1)).int >> 80
    assert hour_ago - 10_000 < UUID(listed[0]).int >> 80 <= hour_ago


@pytest.mark.usefixtures("listing")
def test_old_keys_are_deleted_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "_KEYS", 2)
    for number in range(6):
        IdempotencyKey.objects.create(
            account_id=uuid4(),
            key=str(number),
            fingerprint=b"f",
            answer="{}",
            created_at=timezone.now() - timedelta(hours=30 if number < 5 else 1),
        )
    assert list(islice(sweeper.leftovers_purge(), 3)) == [2, 2, 1]
    assert IdempotencyKey.objects.get().key == "5"


def test_a_sweep_takes_few_pages(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Five pages of recent ones a second; one of all in ten seconds, and a pause at their end."""
    settings.LEFTOVER_GRACE = timedelta(seconds=60)
    now, pages = [1000.0], {"recent": 0, "all": 0}

    def recent() -> Iterator[int]:
        for _ in range(400):  # more than a grace's time takes
            pages["recent"] += 1
            yield 0

    def history() -> Iterator[int]:
        for _ in range(3):
            pages["all"] += 1
            yield 0

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sweeper, "leftovers_purge", recent)
    monkeypatch.setattr(sweeper, "history_purge", history)
    swept = sweep._Objects()
    for second in range(81):
        swept.sweep()
        if second == 79:  # all pages, though another pass was due after 60 s
            assert pages["recent"] == 5 * 79
        now[0] += 1
    assert pages["recent"] == 400
    assert pages["all"] == 3
    now[0] += 60
    swept.sweep()
    swept.sweep()
    assert pages["all"] == 4
    assert pages["recent"] == 405
