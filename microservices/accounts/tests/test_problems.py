"""All errors are problem details without internal data."""

import json

import pytest
from rest_framework.test import APIClient

from accounts import services


def _assert_problem(response: object, status: int, code: str) -> None:
    assert response.status_code == status, response.content  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/problem+json"  # type: ignore[index]
    problem = response.json()  # type: ignore[attr-defined]
    assert problem["type"] == f"/problems/{code}"
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'email': 1}",
        b"\xff\xfe",
        b'{"email": NaN}',
        b"[" * 10_000,
        b"{" * 10,
        b'{"email": "' + b"a" * 20_000 + b'"}',
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/accounts", "/api/v1/tokens"])
def test_bodies_that_cannot_be_read(api: APIClient, path: str, body: bytes) -> None:
    response = api.post(path, body, content_type="application/json")
    if body:
        _assert_problem(response, 400, "malformed")
    else:
        _assert_problem(response, 422, "invalid")  # an empty body has no fields


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "x"])
def test_other_media_types(api: APIClient, media_type: str) -> None:
    response = api.post("/api/v1/accounts", b"email=a", content_type=media_type)
    _assert_problem(response, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "path", ["/", "/api/v1", "/api/v1/accounts/", "/api/v2/accounts", "/x\x00"]
)
def test_paths_that_lead_nowhere(api: APIClient, path: str) -> None:
    _assert_problem(api.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/accounts"),
        ("DELETE", "/api/v1/account"),
        ("PUT", "/api/v1/tokens"),
        ("POST", "/.well-known/jwks.json"),
        ("POST", "/livez"),
        ("DELETE", "/readyz"),
    ],
)
def test_methods_that_a_path_does_not_have(
    api: APIClient, authorization: str, method: str, path: str
) -> None:
    response = api.generic(method, path, headers={"authorization": authorization})
    _assert_problem(response, 405, "method-not-allowed")
    assert response["Allow"]
    assert method not in response["Allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/json; a*=x; a*0=y"])
def test_what_cannot_be_accepted(api: APIClient, accept: str) -> None:
    response = api.get("/.well-known/jwks.json", headers={"accept": accept})
    _assert_problem(response, 406, "not-acceptable")


def test_an_unexpected_error(monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    def broken(**_: object) -> None:
        message = "secret: 10.0.0.1"
        raise LookupError(message)

    monkeypatch.setattr(services, "account_create", broken)
    api = APIClient(raise_request_exception=False)
    body = {"email": email, "password": "difference engine no 2"}
    response = api.post("/api/v1/accounts", body, format="json")
    _assert_problem(response, 500, "internal")
    assert "secret" not in json.dumps(response.json())


@pytest.mark.parametrize(("given", "kept"), [("abc-123", True), ("a b", False), ("x" * 65, False)])
def test_the_request_id(api: APIClient, given: str, kept: bool) -> None:
    response = api.get("/livez", headers={"x-request-id": given})
    assert response["X-Request-Id"]
    assert (response["X-Request-Id"] == given) is kept
    assert response["X-Content-Type-Options"] == "nosniff"


def test_liveness_touches_nothing(api: APIClient) -> None:
    assert api.get("/livez").json() == {"status": "ok"}
