"""Sign-in, and the keys that tokens are verified with."""

import time
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.errors import InvalidCredentials, Unauthenticated
from accounts.services import token_create
from accounts.tokens import token_issue, token_verify
from tests.conftest import PASSWORD


def test_signing_in_gives_a_token_of_a_quarter_hour(api: APIClient, signed_up: str) -> None:
    response = api.post("/api/v1/tokens", {"email": signed_up, "password": PASSWORD}, format="json")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    token = response.json()
    assert token.keys() == {"access_token", "token_type", "expires_in"}
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 900)


def test_a_token_can_be_verified_with_the_public_keys(
    api: APIClient, signed_up: str, authorization: str
) -> None:
    document = api.get("/.well-known/jwks.json").json()
    assert all("d" not in key for key in document["keys"])
    assert {(key["kty"], key["alg"], key["use"]) for key in document["keys"]} == {
        ("OKP", "EdDSA", "sig")
    }
    keys = KeySet.import_key_set(document)
    with pytest.warns(UserWarning, match="RFC 9864"):
        token = jwt.decode(authorization.split()[1], keys, algorithms=["EdDSA"])
    assert token.header["kid"] in {key["kid"] for key in document["keys"]}
    assert token.claims.keys() == {"iss", "aud", "sub", "iat", "exp"}
    assert token.claims["exp"] - token.claims["iat"] == 900
    own = api.get("/api/v1/account", headers={"authorization": authorization}).json()
    assert token.claims["sub"] == own["id"]


def test_an_unknown_email_and_a_wrong_password_look_alike(api: APIClient, signed_up: str) -> None:
    responses = [
        api.post("/api/v1/tokens", {"email": email, "password": "wrong enough"}, format="json")
        for email in (signed_up, f"x{signed_up}", "no email at all")
    ]
    assert {response.status_code for response in responses} == {401}
    assert len({response.content for response in responses}) == 1
    assert responses[0].json()["code"] == "invalid-credentials"
    assert all(response["WWW-Authenticate"] == "Bearer" for response in responses)


@pytest.mark.slow
@pytest.mark.usefixtures("_real_hashes")
def test_an_unknown_email_takes_as_long_as_a_wrong_password(
    signed_up: str, settings: Settings
) -> None:
    settings.SIGN_IN_FAILURES_PER_ACCOUNT = 1000
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 1000

    def spent_seconds(email: str) -> float:
        begun = time.thread_time()
        with pytest.raises(InvalidCredentials):
            token_create(email=email, password="wrong enough", client_address="192.0.2.1")
        return time.thread_time() - begun

    # CPU time of alternating calls, so that other load affects both alike.
    pairs = [(spent_seconds(signed_up), spent_seconds(f"x{signed_up}")) for _ in range(15)]
    known, unknown = (sorted(times)[7] for times in zip(*pairs, strict=True))
    assert 0.75 < unknown / known < 1.33


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "ada@example.org"}, "password"),
        ({"password": PASSWORD}, "email"),
        ({"email": "ada@example.org", "password": "x" * 129}, "password"),
        ({"email": "ada@example.org", "password": 8675309314159}, "password"),
        ({"email": "ada@example.org", "password": PASSWORD, "scope": "all"}, "scope"),
        (None, "email"),
    ],
)
def test_what_cannot_be_taken_is_named(api: APIClient, body: object, field: str) -> None:
    response = api.post("/api/v1/tokens", body, format="json")
    assert response.status_code == 422
    assert field in response.json()["errors"]


def test_a_token_names_its_account() -> None:
    account_id = uuid4()
    assert token_verify(token_issue(account_id=account_id).access_token).id == account_id


def test_a_token_of_an_account_that_is_gone(api: APIClient) -> None:
    token = token_issue(account_id=UUID(int=7)).access_token
    response = api.get("/api/v1/account", headers={"authorization": f"Bearer {token}"})
    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer a b", "Bearer x", "Bearer a.b.c", "Bearer \xff", "Basic YTpi", "", "bearer"],
)
def test_headers_that_hold_no_good_token(api: APIClient, header: str) -> None:
    response = api.get("/api/v1/account", headers={"authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token(settings: Settings) -> None:
    settings.TOKEN_LIFETIME_SECONDS = -6
    with pytest.raises(Unauthenticated):
        token_verify(token_issue(account_id=uuid4()).access_token)
