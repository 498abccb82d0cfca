"""Unexpected errors and unavailable backing services: always problem details."""

import json
import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from rest_framework.test import APIClient

from submissions import selectors, storage
from submissions.errors import Unavailable


def problem(response: HttpResponse, status: int, code: str) -> Any:
    body = json.loads(response.content)
    assert (response.status_code, body["code"]) == (status, code), body
    assert response["Content-Type"] == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "detail", "code"}
    return body


@pytest.mark.parametrize("path", ["/", "/api/v1/", "/api/v1/nothing", "/api/v1/submissions/", "/x"])
def test_a_path_that_leads_nowhere(api: APIClient, path: str) -> None:
    problem(api.get(path), 404, "not-found")


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/api/v1/schema"])
def test_health_and_schema_are_only_read(api: APIClient, path: str) -> None:
    response = api.post(path)
    problem(response, 405, "method-not-allowed")
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/json; a*=x; a*0=y"])
def test_a_response_that_is_not_accepted(owner: APIClient, accept: str) -> None:
    response = owner.get("/api/v1/submissions", headers={"Accept": accept})
    problem(response, 406, "not-acceptable")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/*", "text/html, */*;q=0.1", "text/*,*/*", ""]
)
def test_a_response_that_is_accepted(owner: APIClient, accept: str) -> None:
    headers = {"Accept": accept} if accept else {}
    response = owner.get("/api/v1/submissions", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_an_unexpected_error(
    owner: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(**_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(selectors, "submission_page", breaks)
    owner.raise_request_exception = False
    with caplog.at_level(logging.CRITICAL, logger="django.request"):
        response = owner.get("/api/v1/submissions")
    problem(response, 500, "internal")
    assert "secret" not in response.content.decode()


def test_a_database_that_is_away(owner: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: object) -> None:
        raise OperationalError("could not connect to 10.0.0.1")

    monkeypatch.setattr(selectors, "submission_page", away)
    response = owner.get("/api/v1/submissions")
    problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0
    assert "10.0.0.1" not in response.content.decode()


def test_a_request_id_is_given_back(api: APIClient) -> None:
    assert api.get("/livez", headers={"X-Request-Id": "a-b.c_9"})["X-Request-Id"] == "a-b.c_9"
    assert api.get("/livez", headers={"X-Request-Id": "a b\n"})["X-Request-Id"] != "a b\n"
    assert api.get("/livez")["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_ready(api: APIClient) -> None:
    response = api.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "parts": {"postgresql": "ok", "s3": "ok"},
    }


@pytest.mark.django_db
def test_the_unavailable_service_is_named(api: APIClient, settings: Any) -> None:
    settings.IMAGE_BUCKET = "none"
    response = api.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "parts": {"postgresql": "ok", "s3": "unavailable"},
    }
    assert api.get("/livez").status_code == 200


def test_a_bucket_that_is_not_there(settings: Any) -> None:
    settings.IMAGE_BUCKET = "none"
    with pytest.raises(Unavailable):
        storage.bucket_check()
