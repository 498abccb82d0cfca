"""The same Idempotency-Key gives the same response."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.test import APIClient

from submissions.errors import IdempotencyInProgress
from submissions.idempotency import IdempotencyRecord, keys_purge
from submissions.models import IdempotencyKey, State, Submission
from tests.conftest import image_bytes
from tests.stores import s3

pytestmark = pytest.mark.django_db

P = ParamSpec("P")
R = TypeVar("R")

URL = "https://example.org/crew.jpg"


def post(client: APIClient, key: str, url: str = URL) -> Any:
    return client.post(
        "/api/v1/submissions", {"image_url": url}, format="json", headers={"Idempotency-Key": key}
    )


def post_upload(client: APIClient, key: str, data: bytes, name: str = "a.jpg") -> Any:
    return client.post(
        "/api/v1/submissions",
        {"image": SimpleUploadedFile(name, data)},
        format="multipart",
        headers={"Idempotency-Key": key},
    )


def code(response: HttpResponse) -> str:
    return str(json.loads(response.content)["code"])


def uploads() -> set[str]:
    listing = s3().list_objects_v2(Bucket=settings.IMAGE_BUCKET, Prefix="uploads/")
    return {entry["Key"] for entry in listing.get("Contents", ())}


def test_the_first_response_is_replayed_after_the_submission_has_moved_on(
    owner: APIClient,
) -> None:
    first = post(owner, "k")
    Submission.objects.update(state=State.PROCESSING, started_at=timezone.now())
    again = post(owner, "k")
    assert again.status_code == 202
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert Submission.objects.count() == 1


def test_a_deleted_submission_does_not_come_back(owner: APIClient) -> None:
    first = post(owner, "k")
    assert owner.delete(first["Location"]).status_code == 204
    assert post(owner, "k").content == first.content
    assert owner.get(first["Location"]).status_code == 404


def test_another_body_is_refused(owner: APIClient) -> None:
    post(owner, "k")
    refused = post(owner, "k", url="https://example.org/other.jpg")
    assert (refused.status_code, code(refused)) == (422, "idempotency-key-reused")
    assert "Idempotency-Key" in json.loads(refused.content)["errors"]
    refused = post_upload(owner, "k", image_bytes())
    assert (refused.status_code, code(refused)) == (422, "idempotency-key-reused")
    assert Submission.objects.count() == 1


def test_an_upload_is_its_bytes_whatever_its_name(owner: APIClient) -> None:
    before = uploads()
    first = post_upload(owner, "k", image_bytes(), "one.jpg")
    again = post_upload(owner, "k", image_bytes(), "two.jpg")
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert len(uploads() - before) == 1


def test_a_key_is_its_accounts_own(owner: APIClient, stranger: APIClient) -> None:
    assert post(owner, "k").json()["id"] != post(stranger, "k").json()["id"]


def test_a_replay_needs_no_room_among_the_open_ones(owner: APIClient, settings: object) -> None:
    first = post(owner, "k")
    settings.OPEN_SUBMISSIONS_MAX = 1  # type: ignore[attr-defined]
    assert post(owner, "other").status_code == 429
    assert post(owner, "k").content == first.content


def test_after_a_day_the_key_is_new(owner: APIClient) -> None:
    first = post(owner, "k")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    second = post(owner, "k", url="https://example.org/other.jpg")
    assert second.json()["id"] != first.json()["id"]
    assert post(owner, "k", url="https://example.org/other.jpg").content == second.content


def test_old_keys_are_purged(owner: APIClient) -> None:
    post(owner, "old")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    post(owner, "young")
    assert keys_purge(limit=10) == 1
    assert IdempotencyKey.objects.get().key == "young"


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_renewed_during_the_purge_is_kept(owner: APIClient) -> None:
    post(owner, "k")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    with ThreadPoolExecutor(1) as purging:
        with transaction.atomic():
            IdempotencyKey.objects.update(created_at=timezone.now())
            purged = purging.submit(_closing(lambda: keys_purge(limit=10)))
            until_one_waits()
        assert purged.result() == 0
    assert IdempotencyKey.objects.get().key == "k"


def until_one_waits() -> None:
    """Wait until another session waits for a lock of this one."""
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
            time.sleep(0.02)
    pytest.fail("no session waits")


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
def test_a_key_that_can_not_be_taken(owner: APIClient, key: str) -> None:
    refused = post(owner, key)
    assert (refused.status_code, code(refused)) == (422, "invalid")
    assert "Idempotency-Key" in json.loads(refused.content)["errors"]


def test_a_refused_request_leaves_its_key_free(owner: APIClient) -> None:
    assert post(owner, "k", url="ftp://example.org/a.jpg").status_code == 422
    assert post(owner, "k").status_code == 202


@pytest.mark.django_db(transaction=True)
def test_a_key_in_flight_is_a_conflict_and_free_when_its_holder_dies(
    owner: APIClient, account_id: UUID
) -> None:
    def hold_and_die() -> Any:
        with transaction.atomic():
            IdempotencyRecord(account_id=account_id, key="k", body=b"").lock()
            response = ThreadPoolExecutor(1).submit(_closing(lambda: post(owner, "k"))).result()
            connection.close()  # as if the process had died
        return response

    refused = ThreadPoolExecutor(1).submit(_closing(hold_and_die)).result()
    assert (refused.status_code, code(refused)) == (409, "idempotency-in-progress")
    assert refused["Retry-After"] == "1"
    assert post(owner, "k").status_code == 202


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["url", "upload"])
def test_fifty_at_once(owner: APIClient, account_id: UUID, kind: str) -> None:
    before, data = uploads(), image_bytes()
    token = owner.get("/api/v1/submissions").wsgi_request.headers["Authorization"]

    def one() -> Any:
        client = APIClient(headers={"Authorization": token})
        return post(client, "k") if kind == "url" else post_upload(client, "k", data)

    def five(_: int) -> list[Any]:
        return [one() for _ in range(5)]

    with ThreadPoolExecutor(10) as pool:
        responses = list(chain.from_iterable(pool.map(_closing(five), range(10))))

    taken = [response for response in responses if response.status_code == 202]
    others = [code(response) for response in responses if response.status_code != 202]
    assert len({json.loads(response.content)["id"] for response in taken}) == 1
    assert sum("Idempotent-Replayed" not in response for response in taken) == 1
    assert set(others) <= {"idempotency-in-progress"}
    assert Submission.objects.get().account_id == account_id
    assert len(uploads() - before) == (0 if kind == "url" else 1)


def test_the_lock_is_held_for_one_account_and_one_key(account_id: UUID) -> None:
    def lock(of: UUID, key: str) -> None:
        with transaction.atomic():
            IdempotencyRecord(account_id=of, key=key, body=b"").lock()

    def lock_elsewhere(of: UUID, key: str) -> None:
        """In a session of its own, for a session gets a lock that it has."""
        ThreadPoolExecutor(1).submit(_closing(lock), of, key).result()

    with transaction.atomic():
        IdempotencyRecord(account_id=account_id, key="k", body=b"").lock()
        lock_elsewhere(uuid4(), "k")
        lock_elsewhere(account_id, "l")
        with pytest.raises(IdempotencyInProgress):
            lock_elsewhere(account_id, "k")


def _closing(call: Callable[P, R]) -> Callable[P, R]:
    """Close the connections of test threads, which Django doesn't close."""

    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        finally:
            connections.close_all()

    return called
