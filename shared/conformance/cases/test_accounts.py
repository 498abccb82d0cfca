"""POST /accounts and GET /account."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from support.client import Account, Api, problem

PASSWORD = "correct horse battery"
FIELDS = {"id", "email", "created_at", "submission_count"}


def fresh_email() -> str:
    return f"new-{uuid4().hex[:12]}@conformance.example.org"


def body(**changes: Any) -> dict[str, Any]:
    return {"email": fresh_email(), "password": PASSWORD} | changes


def test_signing_up_gives_the_account(api: Api) -> None:
    email = fresh_email()
    response = api.post("/accounts", json=body(email=email))
    assert response.status_code == 201
    assert response.headers["Location"] == "/api/v1/account"
    created = response.json()
    assert created.keys() == FIELDS
    assert (created["email"], created["submission_count"]) == (email, 0)
    age = datetime.now(UTC) - datetime.fromisoformat(created["created_at"])
    assert abs(age) < timedelta(minutes=5)


def test_the_location_leads_to_the_account(api: Api, account: Account) -> None:
    shown = api.get("/account", by=account).json()
    assert shown.keys() == FIELDS
    assert (shown["id"], shown["email"]) == (account.id, account.email)


def test_a_new_account_has_no_submissions(api: Api, account: Account) -> None:
    assert api.get("/account", by=account).json()["submission_count"] == 0


def test_an_email_is_taken_once(api: Api, account: Account) -> None:
    problem(api.post("/accounts", json=body(email=account.email)), 409, "email-taken")


def test_letter_case_makes_no_other_email(api: Api, account: Account) -> None:
    response = api.post("/accounts", json=body(email=account.email.upper()))
    problem(response, 409, "email-taken")


def test_the_email_is_kept_normalized(api: Api) -> None:
    email = fresh_email()
    local, domain = email.split("@")
    response = api.post("/accounts", json=body(email=f"{local}@{domain.upper()}"))
    assert response.json()["email"] == email


def test_a_taken_email_with_a_bad_password_is_invalid_first(api: Api, account: Account) -> None:
    response = api.post("/accounts", json=body(email=account.email, password="short"))
    assert "password" in problem(response, 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("tr0ub4dor3", id="10-characters"),
        pytest.param("tr0ub4dor&" * 12 + "12345678", id="128-characters"),
        pytest.param("Пароль длинный", id="cyrillic"),
        pytest.param("🦒🐘🦏🐪🦓🐃🐂🐄🐎🐖", id="emoji"),
        pytest.param("  padded with spaces  ", id="spaces"),
        pytest.param('quotes " and \\ slashes', id="quotes"),
    ],
)
def test_a_good_password_signs_in(api: Api, password: str) -> None:
    credentials = body(password=password)
    assert api.post("/accounts", json=credentials).status_code == 201
    assert api.post("/tokens", json=credentials).status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("", id="empty"),
        pytest.param("tr0ub4dor", id="9-characters"),
        pytest.param("tr0ub4dor&" * 12 + "123456789", id="129-characters"),
        pytest.param("qwertyuiop", id="common-letters"),
        pytest.param("1234567890", id="common-digits"),
        pytest.param(None, id="null"),
        pytest.param(8675309314159, id="number"),
        pytest.param(["correct horse battery"], id="list"),
        pytest.param({"a": "b"}, id="object"),
        pytest.param("correct horse\x00battery", id="nul"),
    ],
)
def test_a_bad_password_is_refused(api: Api, password: object) -> None:
    response = api.post("/accounts", json=body(password=password))
    assert problem(response, 422, "invalid")["errors"].keys() == {"password"}


@pytest.mark.parametrize(
    "email",
    [
        pytest.param("", id="empty"),
        pytest.param("plain", id="no-at"),
        pytest.param("@example.org", id="no-name"),
        pytest.param("ada@", id="no-domain"),
        pytest.param("ada@example@example.org", id="two-at"),
        pytest.param("ada lovelace@example.org", id="space"),
        pytest.param("ada@exa mple.org", id="space-in-domain"),
        pytest.param("ada@example..org", id="two-dots"),
        pytest.param("ada@example.org\nBcc: x@example.org", id="newline"),
        pytest.param("ada\x00@example.org", id="nul"),
        pytest.param("a" * 250 + "@example.org", id="too-long"),
        pytest.param(None, id="null"),
        pytest.param(7, id="number"),
        pytest.param(["ada@example.org"], id="list"),
        pytest.param(True, id="boolean"),
    ],
)
def test_a_bad_email_is_refused(api: Api, email: object) -> None:
    response = api.post("/accounts", json=body(email=email))
    assert problem(response, 422, "invalid")["errors"].keys() == {"email"}


@pytest.mark.parametrize("missing", ["email", "password"])
def test_a_missing_field_is_named(api: Api, missing: str) -> None:
    sent = {name: value for name, value in body().items() if name != missing}
    assert missing in problem(api.post("/accounts", json=sent), 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "name", ["id", "owner", "created_at", "submission_count", "is_admin", "__proto__"]
)
def test_an_unknown_field_is_named(api: Api, name: str) -> None:
    sent = body() | {name: "x"}
    assert name in problem(api.post("/accounts", json=sent), 422, "invalid")["errors"]


@pytest.mark.parametrize("path", ["/accounts", "/tokens"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"email": ', id="cut"),
        pytest.param(b"{'email': 'a@example.org'}", id="single-quotes"),
        pytest.param(b'{"email": "\xff\xfe"}', id="not-utf-8"),
        pytest.param(b"<email/>", id="xml"),
    ],
)
def test_what_is_no_json_is_malformed(api: Api, path: str, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    problem(api.post(path, content=content, headers=headers), 400, "malformed")


@pytest.mark.parametrize("path", ["/accounts", "/tokens"])
@pytest.mark.parametrize("value", [[], "text", 7, None], ids=["list", "text", "number", "null"])
def test_json_that_is_no_object_is_invalid(api: Api, path: str, value: object) -> None:
    headers = {"Content-Type": "application/json"}
    problem(api.post(path, content=json.dumps(value), headers=headers), 422, "invalid")


@pytest.mark.parametrize("path", ["/accounts", "/tokens"])
@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_another_media_type_is_refused(api: Api, path: str, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = api.post(path, content=b"email=a%40example.org", headers=headers)
    problem(response, 415, "unsupported-media-type")


def test_the_password_is_never_shown(api: Api) -> None:
    credentials = body()
    for response in (
        api.post("/accounts", json=credentials),
        api.post("/accounts", json=credentials),
        api.post("/tokens", json=credentials),
        api.post("/accounts", json=credentials | {"email": "no email"}),
    ):
        assert credentials["password"] not in response.text


def test_signing_up_at_once_makes_one_account(
    api: Api, new_account: Callable[[str], Account]
) -> None:
    call = {"method": "POST", "path": "/api/v1/accounts", "json": body()}
    statuses = sorted(response.status_code for response in api.together([call] * 8))
    assert statuses == [201] + [409] * 7
