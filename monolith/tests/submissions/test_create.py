"""POST /submissions: accepted and refused requests."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test.client import encode_multipart
from pytest_django import Settings
from rest_framework.test import APIClient

from submissions.models import State, Submission
from submissions.storage import upload_key
from tests.conftest import image_bytes
from tests.stores import s3

pytestmark = pytest.mark.django_db

URL = "https://example.org/crew.jpg"


def post_url(client: APIClient, url: object = URL, **fields: object) -> Any:
    return client.post("/api/v1/submissions", {"image_url": url, **fields}, format="json")


def post_upload(client: APIClient, data: bytes, **fields: object) -> Any:
    upload = SimpleUploadedFile("../../etc/passwd\u202e.jpg", data, content_type="text/html")
    return client.post("/api/v1/submissions", {"image": upload, **fields}, format="multipart")


def problem(response: HttpResponse, status: int, code: str) -> Any:
    body = json.loads(response.content)
    assert (response.status_code, body["code"]) == (status, code), body
    assert response["Content-Type"] == "application/problem+json"
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def test_a_url(owner: APIClient, account_id: UUID) -> None:
    response = post_url(owner)
    assert response.status_code == 202
    body = response.json()
    row = Submission.objects.get(id=body["id"])
    assert row.account_id == account_id
    assert (row.state, row.attempt) == (State.PENDING, 1)
    assert response["Location"] == f"/api/v1/submissions/{row.id}"
    assert response["Retry-After"] == "1"
    assert "Idempotent-Replayed" not in response
    assert body == {
        "id": str(row.id),
        "state": "pending",
        "image": {"kind": "url", "url": URL, "media_type": None, "bytes": None},
        "detection_count": None,
        "error": None,
        "created_at": row.created_at.isoformat().replace("+00:00", "Z"),
        "started_at": None,
        "completed_at": None,
    }


def test_an_upload_is_stored_as_it_came_under_a_key_of_ours(owner: APIClient) -> None:
    data = image_bytes("png")
    response = post_upload(owner, data)
    assert response.status_code == 202
    body = response.json()
    assert body["image"] == {
        "kind": "upload",
        "url": None,
        "media_type": "image/png",
        "bytes": len(data),
    }
    stored = s3().get_object(Bucket=settings.IMAGE_BUCKET, Key=upload_key(UUID(body["id"])))
    assert stored["Body"].read() == data


@pytest.mark.parametrize("name", ["id", "state", "owner", "account_id", "attempt"])
def test_fields_that_are_not_a_clients_are_refused(owner: APIClient, name: str) -> None:
    assert name in problem(post_url(owner, **{name: "x"}), 422, "invalid")["errors"]
    assert (
        name in problem(post_upload(owner, image_bytes(), **{name: "x"}), 422, "invalid")["errors"]
    )
    assert not Submission.objects.exists()


@pytest.mark.parametrize("url", [7, None, True, [], {}, ""])
def test_a_url_that_is_no_string_is_refused(owner: APIClient, url: object) -> None:
    assert "image_url" in problem(post_url(owner, url), 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://user@example.org/",
        "http://example.org:22/",
        "http://169.254.169.254/latest/meta-data/",
        "no address",
    ],
)
def test_a_url_that_is_refused_by_its_text(owner: APIClient, url: str) -> None:
    body = problem(post_url(owner, url), 422, "invalid-image-url")
    assert body["errors"]["image_url"]
    assert not Submission.objects.exists()


@pytest.mark.parametrize("url", ["http://example.org/\x00", "http://example.org/\ud800"])
def test_a_url_that_no_database_takes(owner: APIClient, url: str) -> None:
    response = owner.post(
        "/api/v1/submissions", json.dumps({"image_url": url}), content_type="application/json"
    )
    assert response.status_code == 422


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"not json",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"image_url": "' + b"a" * 70_000 + b'"}',
    ],
)
def test_what_is_no_json_is_malformed(owner: APIClient, content: bytes) -> None:
    response = owner.post("/api/v1/submissions", content, content_type="application/json")
    problem(response, 400 if content else 422, "malformed" if content else "invalid")


@pytest.mark.parametrize("content", [b"[]", b'"text"', b"7", b"null"])
def test_json_that_is_no_object_is_invalid(owner: APIClient, content: bytes) -> None:
    response = owner.post("/api/v1/submissions", content, content_type="application/json")
    assert problem(response, 422, "invalid")["errors"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "image/jpeg"])
def test_a_body_of_another_kind_is_unsupported(owner: APIClient, media_type: str) -> None:
    response = owner.post("/api/v1/submissions", image_bytes(), content_type=media_type)
    problem(response, 415, "unsupported-media-type")


@pytest.mark.parametrize("data", [b"<html>", b"MM\x00*", b"%!PS-Adobe", b"<svg/>"])
def test_an_upload_that_is_no_image_is_unsupported(owner: APIClient, data: bytes) -> None:
    problem(post_upload(owner, data), 415, "unsupported-media-type")


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_an_upload_without_a_readable_header_is_invalid(owner: APIClient, data: bytes) -> None:
    assert "image" in problem(post_upload(owner, data), 422, "invalid")["errors"]


def test_text_instead_of_a_file_is_invalid(owner: APIClient) -> None:
    response = owner.post("/api/v1/submissions", {"image": "text"}, format="multipart")
    assert "image" in problem(response, 422, "invalid")["errors"]


def test_two_images_are_invalid(owner: APIClient) -> None:
    uploads = [SimpleUploadedFile(f"{n}.jpg", image_bytes()) for n in range(2)]
    response = owner.post("/api/v1/submissions", {"image": uploads}, format="multipart")
    assert "image" in problem(response, 422, "invalid")["errors"]


def test_an_upload_over_the_bytes_is_too_large(owner: APIClient, settings: Settings) -> None:
    data = image_bytes("png") + b"\0" * (settings.IMAGE_LIMITS.max_bytes + 1)
    problem(post_upload(owner, data), 413, "image-too-large")
    assert not Submission.objects.exists()


def test_an_upload_of_exactly_the_bytes_is_taken(owner: APIClient, settings: Settings) -> None:
    data = image_bytes("jpeg")
    data += b"\0" * (settings.IMAGE_LIMITS.max_bytes - len(data))
    assert post_upload(owner, data).status_code == 202


def test_an_upload_over_the_pixels_is_too_large(owner: APIClient) -> None:
    bomb = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    problem(post_upload(owner, bomb), 413, "image-too-large")


def test_a_multipart_body_that_is_cut_is_malformed(owner: APIClient) -> None:
    upload = SimpleUploadedFile("a.jpg", image_bytes())
    whole = encode_multipart("b0undary", {"image": upload})
    response = owner.post(
        "/api/v1/submissions", whole[:-20], content_type="multipart/form-data; boundary=b0undary"
    )
    problem(response, 400, "malformed")
    assert not Submission.objects.exists()


def test_multipart_without_a_boundary_is_malformed(owner: APIClient) -> None:
    response = owner.post("/api/v1/submissions", b"--x--", content_type="multipart/form-data")
    problem(response, 400, "malformed")


def test_too_many_open_submissions(owner: APIClient, settings: Settings) -> None:
    settings.OPEN_SUBMISSIONS_MAX = 2
    for _ in range(2):
        assert post_url(owner).status_code == 202
    refused = post_url(owner)
    problem(refused, 429, "too-many-requests")
    assert int(refused["Retry-After"]) > 0
    Submission.objects.update(state=State.FAILED, error_code="x", completed_at="2026-01-01T00:00Z")
    assert post_url(owner).status_code == 202


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic eDp5"])
def test_without_a_token_nothing_is_taken(api: APIClient, authorization: str) -> None:
    response = api.post(
        "/api/v1/submissions",
        {"image_url": URL},
        format="json",
        headers={"Authorization": authorization} if authorization else {},
    )
    problem(response, 401, "unauthenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")
