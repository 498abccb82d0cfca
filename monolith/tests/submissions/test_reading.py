"""GET of one submission, its result and its image; DELETE."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from recognition.models import Detection, Recognition
from recognition.services import recognition_run
from submissions import removals, services, tasks
from submissions.models import ObjectRemoval, State, Submission
from submissions.selectors import submission_count
from tests.conftest import image_bytes
from tests.stores import s3

pytestmark = pytest.mark.django_db

PATH = "/api/v1/submissions"


def submitted(client: APIClient) -> str:
    upload = SimpleUploadedFile("a.jpg", image_bytes())
    response = client.post(PATH, {"image": upload}, format="multipart")
    assert response.status_code == 202, response.content
    return str(response["Location"])


def row_of(location: str) -> Submission:
    return Submission.objects.get(id=location.rpartition("/")[2])


def claimed(location: str) -> Submission:
    submission = services.submission_claim(submission_id=row_of(location).id, attempt=1)
    assert submission is not None
    return submission


def completed(location: str) -> Submission:
    submission = claimed(location)
    outcome = recognition_run(
        submission_id=submission.id, source=tasks.submission_source(submission)
    )
    assert services.submission_complete(submission_id=submission.id, attempt=1, outcome=outcome)
    return row_of(location)


def failed(location: str) -> Submission:
    submission = claimed(location)
    assert services.submission_fail(
        submission_id=submission.id,
        attempt=1,
        code="image-corrupt",
        detail="The image can't be decoded.",
        retryable=False,
    )
    return row_of(location)


def code(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, json.loads(response.content)["code"]


def removals_due() -> None:
    ObjectRemoval.objects.update(remove_after=timezone.now() - timedelta(seconds=1))


def objects() -> set[str]:
    return {
        entry["Key"]
        for bucket in (django_settings.IMAGE_BUCKET, django_settings.RESULT_BUCKET)
        for entry in s3().list_objects_v2(Bucket=bucket).get("Contents", ())
    }


def test_what_a_success_looks_like(owner: APIClient) -> None:
    location = submitted(owner)
    pending = owner.get(location).json()
    assert pending["state"] == "pending"
    claimed(location)
    processing = owner.get(location).json()
    assert processing["state"] == "processing"
    assert processing["started_at"]
    Submission.objects.update(state=State.PENDING)
    completed(location)
    body = owner.get(location).json()
    assert body["state"] == "succeeded"
    assert body["detection_count"] == 1
    assert body["error"] is None
    assert body["image"] == pending["image"]
    assert body["created_at"] <= body["started_at"] <= body["completed_at"]
    assert body["completed_at"].endswith("Z")


def test_what_a_failure_looks_like(owner: APIClient) -> None:
    location = submitted(owner)
    failed(location)
    body = owner.get(location).json()
    assert body["state"] == "failed"
    assert body["error"] == {"code": "image-corrupt", "detail": "The image can't be decoded."}
    assert body["detection_count"] is None


def test_the_result_is_the_document_as_it_is_stored(owner: APIClient) -> None:
    location = submitted(owner)
    submission = completed(location)
    response = owner.get(f"{location}/result")
    stored = s3().get_object(
        Bucket=django_settings.RESULT_BUCKET, Key=f"results/{submission.id}.json"
    )
    assert response["Content-Type"] == "application/json"
    assert response.content == stored["Body"].read()
    body = response.json()
    assert set(body) == {"submission_id", "recognizer", "image", "detections", "created_at"}
    assert body["submission_id"] == str(submission.id)
    assert body["detections"] == [
        {
            "label": "face",
            "score": 0.99,
            "box": {"left": 0.25, "top": 0.25, "width": 0.5, "height": 0.5},
        }
    ]


def test_the_image_is_the_one_that_the_result_describes(owner: APIClient) -> None:
    location = submitted(owner)
    completed(location)
    response: Any = owner.get(f"{location}/image", headers={"Accept": "image/avif"})
    assert response.status_code == 200
    data = response.content
    result = owner.get(f"{location}/result").json()
    assert sha256(data).hexdigest() == result["image"]["sha256"]
    assert response["Content-Type"] == result["image"]["media_type"]
    assert response["Content-Length"] == str(len(data))
    assert response["X-Content-Type-Options"] == "nosniff"


def test_from_the_store_the_image_is_a_redirect_that_ends(
    owner: APIClient, settings: Settings
) -> None:
    settings.IMAGES_FROM, settings.IMAGE_URL_SECONDS = "store", 60
    location = submitted(owner)
    completed(location)
    response: Any = owner.get(f"{location}/image", headers={"Accept": "image/avif"})
    assert (response.status_code, response.content) == (302, b"")
    url = urlsplit(response["Location"])
    assert (url.scheme, url.netloc) == ("", ""), "the same origin: the edge passes it on"
    assert url.path == f"/stored/images/images/{location.rpartition('/')[2]}"
    query = parse_qs(url.query)
    assert query["X-Amz-Expires"] == ["60"]
    assert query["X-Amz-SignedHeaders"] == ["host"]
    assert query["X-Amz-Signature"]
    assert response["Cache-Control"] == "private, max-age=30"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Content-Type" not in response


def test_a_redirect_is_for_the_owner_and_a_stored_image_only(
    owner: APIClient, stranger: APIClient, settings: Settings
) -> None:
    settings.IMAGES_FROM = "store"
    location = submitted(owner)
    assert code(owner.get(f"{location}/image")) == (409, "image-not-ready")
    completed(location)
    assert code(stranger.get(f"{location}/image")) == (404, "not-found")
    assert code(APIClient().get(f"{location}/image")) == (401, "unauthenticated")


def test_before_there_is_a_result(owner: APIClient) -> None:
    location = submitted(owner)
    result, image = owner.get(f"{location}/result"), owner.get(f"{location}/image")
    assert code(result) == (409, "result-not-ready")
    assert result["Retry-After"] == "1"
    assert code(image) == (409, "image-not-ready")
    assert image["Retry-After"] == "1"


def test_when_there_will_be_no_result(owner: APIClient) -> None:
    location = submitted(owner)
    failed(location)
    result, image = owner.get(f"{location}/result"), owner.get(f"{location}/image")
    assert code(result) == (409, "recognition-failed")
    assert code(image) == (409, "image-not-ready")
    assert "Retry-After" not in result
    assert "Retry-After" not in image


def test_an_etag_changes_with_the_submission(owner: APIClient) -> None:
    location = submitted(owner)
    first = owner.get(location)
    assert first["ETag"].startswith('"')
    for tag in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        same = owner.get(location, headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        assert same["ETag"] == first["ETag"]
        assert "Content-Type" not in same
    failed(location)
    changed = owner.get(location, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("suffix", ["", "/result", "/image"])
def test_another_accounts_submission_is_not_found(
    owner: APIClient, stranger: APIClient, suffix: str
) -> None:
    location = submitted(owner)
    completed(location)
    theirs = stranger.get(f"{location}{suffix}")
    never = stranger.get(f"{PATH}/{uuid4()}{suffix}")
    assert code(theirs) == (404, "not-found")
    assert theirs.content == never.content
    assert _headers(theirs) == _headers(never)


def test_another_accounts_submission_is_not_deleted(owner: APIClient, stranger: APIClient) -> None:
    location = submitted(owner)
    assert code(stranger.delete(location)) == (404, "not-found")
    assert owner.get(location).status_code == 200


def _headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name != "X-Request-Id"}


@pytest.mark.parametrize("name", ["0", "not-an-id", "{id}", "urn:uuid:{id}", "{{{id}}}", "{id} "])
def test_an_id_in_another_spelling_is_nothing(owner: APIClient, name: str) -> None:
    id_ = submitted(owner).rpartition("/")[2]
    wrong = id_.replace("-", "") if name == "{id}" else name.replace("{id}", id_)
    assert code(owner.get(f"{PATH}/{wrong}")) == (404, "not-found")


@pytest.mark.parametrize("wait", ["-1", "21", "a", "", "1.5"])
def test_a_wait_that_can_not_be_taken(owner: APIClient, wait: str) -> None:
    response = owner.get(f"{submitted(owner)}?wait={wait}")
    assert code(response) == (422, "invalid")
    assert list(json.loads(response.content)["errors"]) == ["wait"]


def test_a_deleted_submission_leaves_nothing(owner: APIClient) -> None:
    before = objects()
    location = submitted(owner)
    completed(location)
    assert objects() - before
    assert owner.delete(location).status_code == 204
    assert objects() == before
    assert not Submission.objects.exists()
    assert not Recognition.objects.exists()
    assert not Detection.objects.exists()
    assert code(owner.get(location)) == (404, "not-found")
    assert code(owner.delete(location)) == (404, "not-found")


def test_a_pending_one_can_be_deleted_with_its_upload(owner: APIClient) -> None:
    before = objects()
    location = submitted(owner)
    assert owner.delete(location).status_code == 204
    assert objects() == before


def test_the_store_may_be_away_when_a_submission_is_deleted(
    owner: APIClient, settings: Settings
) -> None:
    before = objects()
    location = submitted(owner)
    completed(location)
    settings.IMAGE_BUCKET = "none"
    assert owner.delete(location).status_code == 204
    assert code(owner.get(f"{location}/result")) == (404, "not-found")
    assert code(owner.delete(location)) == (404, "not-found")
    removals_due()
    assert removals.removals_finish(limit=100) == 0
    settings.IMAGE_BUCKET = "images"
    assert objects() - before
    removals_due()
    assert removals.removals_finish(limit=100) == 1
    assert objects() == before
    assert not ObjectRemoval.objects.exists()


def test_an_attempt_that_outlives_its_submission_leaves_nothing(owner: APIClient) -> None:
    before = objects()
    location = submitted(owner)
    submission = claimed(location)
    outcome = recognition_run(
        submission_id=submission.id, source=tasks.submission_source(submission)
    )
    assert owner.delete(location).status_code == 204
    assert not services.submission_complete(submission_id=submission.id, attempt=1, outcome=outcome)
    services.submission_discard(submission_id=submission.id)
    assert objects() == before


def test_the_count_of_submissions(owner: APIClient, account_id: UUID) -> None:
    for _ in range(3):
        submitted(owner)
    assert submission_count(account_id=account_id) == 3
    assert submission_count(account_id=uuid4()) == 0


@pytest.mark.parametrize("method", ["put", "patch", "options", "trace"])
def test_a_method_that_is_not_there(owner: APIClient, method: str) -> None:
    location = submitted(owner)
    for path in (PATH, location, f"{location}/result", f"{location}/image"):
        response = owner.generic(method.upper(), path)
        assert code(response) == (405, "method-not-allowed")
        assert "GET" in response["Allow"]


def test_times_are_in_utc(owner: APIClient) -> None:
    created = owner.get(submitted(owner)).json()["created_at"]
    assert abs(timezone.now() - datetime.fromisoformat(created)).total_seconds() < 10
