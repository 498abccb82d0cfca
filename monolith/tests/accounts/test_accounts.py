"""Sign-up, and reading the own account."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import Account
from accounts.table import account_find
from tests.conftest import PASSWORD


def test_signing_up_gives_the_account(api: APIClient, email: str) -> None:
    response = api.post("/api/v1/accounts", {"email": email, "password": PASSWORD}, format="json")
    assert response.status_code == 201
    assert response["Location"] == "/api/v1/account"
    account = response.json()
    assert account.keys() == {"id", "email", "created_at", "submission_count"}
    assert account["email"] == email
    assert account["submission_count"] == 0
    assert account["created_at"].endswith("Z")
    age = datetime.now(UTC) - datetime.fromisoformat(account["created_at"])
    assert timedelta(0) <= age < timedelta(seconds=10)


def test_an_account_is_read_as_it_was_written(api: APIClient, email: str) -> None:
    body = {"email": email, "password": PASSWORD}
    account = api.post("/api/v1/accounts", body, format="json").json()
    found = account_find(account_id=UUID(account["id"]))
    assert found == Account(
        id=UUID(account["id"]),
        email=email,
        created_at=datetime.fromisoformat(account["created_at"]),
    )


def test_an_email_is_taken_in_any_spelling(api: APIClient, signed_up: str) -> None:
    for spelling in (signed_up, signed_up.upper(), f"  {signed_up} "):
        body = {"email": spelling, "password": PASSWORD}
        response = api.post("/api/v1/accounts", body, format="json")
        assert response.status_code == 409
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "email-taken"


def test_of_parallel_sign_ups_with_one_email_one_wins(email: str) -> None:
    def sign_up(_: int) -> int:
        body = {"email": email, "password": PASSWORD}
        return APIClient().post("/api/v1/accounts", body, format="json").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(sign_up, range(8)))
    assert statuses == [201] + [409] * 7


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": PASSWORD}, "email"),
        ({"email": "ada@example.org"}, "password"),
        ({"email": "ada", "password": PASSWORD}, "email"),
        ({"email": None, "password": PASSWORD}, "email"),
        ({"email": ["ada@example.org"], "password": PASSWORD}, "email"),
        ({"email": "ada@example.org\x00", "password": PASSWORD}, "email"),
        ({"email": "a" * 250 + "@example.org", "password": PASSWORD}, "email"),
        ({"email": "ada@example.org", "password": "too short"}, "password"),
        ({"email": "ada@example.org", "password": "x" * 129}, "password"),
        ({"email": "ada@example.org", "password": 8675309314159}, "password"),
        ({"email": 7, "password": PASSWORD}, "email"),
        ({"email": "ada@example.org", "password": "1234567890"}, "password"),
        ({"email": "ada@example.org", "password": "Ada@Example.org1"}, "password"),
        ({"email": "ada@example.org", "password": {"a": 1}}, "password"),
        ({"email": "ada@example.org", "password": PASSWORD, "id": "x"}, "id"),
        ({"email": "ada@example.org", "password": PASSWORD, "created_at": None}, "created_at"),
        (["ada@example.org"], "non_field_errors"),
        ("ada@example.org", "non_field_errors"),
    ],
)
def test_what_cannot_be_taken_is_named(api: APIClient, body: object, field: str) -> None:
    response = api.post("/api/v1/accounts", body, format="json")
    assert response.status_code == 422, response.content
    problem = response.json()
    assert problem["code"] == "invalid"
    assert field in problem["errors"]
    assert all(isinstance(text, str) and text for text in problem["errors"][field])


@pytest.mark.parametrize("password", ["x" * 10 + "y1", "ab" + "c" * 126, " spaces  count "])
def test_passwords_within_the_bounds_are_taken(api: APIClient, email: str, password: str) -> None:
    body = {"email": email, "password": password}
    assert api.post("/api/v1/accounts", body, format="json").status_code == 201
    assert api.post("/api/v1/tokens", body, format="json").status_code == 200
    other = body | {"password": password.strip()[:-1] + "-"}
    assert api.post("/api/v1/tokens", other, format="json").status_code == 401


@pytest.mark.django_db
def test_the_own_account(api: APIClient, signed_up: str, authorization: str) -> None:
    response = api.get("/api/v1/account", headers={"authorization": authorization})
    assert response.status_code == 200
    assert response.json()["email"] == signed_up
    assert response.json()["submission_count"] == 0


@pytest.mark.django_db
def test_the_own_account_counts_the_own_submissions(
    api: APIClient, authorization: str, client_of: Callable[[UUID], APIClient]
) -> None:
    header = {"authorization": authorization}
    body = {"image_url": "https://example.org/crew.jpg"}
    for _ in range(2):
        assert (
            api.post("/api/v1/submissions", body, format="json", headers=header).status_code == 202
        )
    stranger = client_of(uuid4())
    assert stranger.post("/api/v1/submissions", body, format="json").status_code == 202
    assert api.get("/api/v1/account", headers=header).json()["submission_count"] == 2


def test_without_a_token_there_is_no_account(api: APIClient) -> None:
    response = api.get("/api/v1/account")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "unauthenticated"
