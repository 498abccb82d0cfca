"""POST /tokens and the keys that tokens are verified with."""

import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from joserfc import jwk, jws
from support.client import Account, Api, problem
from support.forged_tokens import parts

GUESSES = 150
PRIVATE_PARTS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


def credentials(account: Account, **changes: str) -> dict[str, str]:
    return {"email": account.email, "password": account.password} | changes


def unknown_email() -> str:
    return f"unknown-{uuid4().hex[:12]}@conformance.example.org"


def test_signing_in_gives_a_bearer_token(api: Api, account: Account) -> None:
    token = api.post("/tokens", json=credentials(account)).json()
    assert token.keys() == {"access_token", "token_type", "expires_in"}
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 900


def test_a_token_is_not_to_be_cached(api: Api, account: Account) -> None:
    response = api.post("/tokens", json=credentials(account))
    assert "no-store" in response.headers.get("Cache-Control", "")


def test_signing_in_again_keeps_the_first_token_good(api: Api, account: Account) -> None:
    api.post("/tokens", json=credentials(account))
    assert api.get("/account", by=account).status_code == 200


def test_letter_case_of_the_email_does_not_matter(api: Api, account: Account) -> None:
    response = api.post("/tokens", json=credentials(account, email=account.email.upper()))
    assert response.status_code == 200


def test_the_token_names_one_pinned_algorithm_and_its_key(api: Api, account: Account) -> None:
    header, _, _ = parts(account.token)
    assert header["alg"] in {"EdDSA", "Ed25519", "ES256"}
    assert header["kid"]
    assert not header.keys() & {"jwk", "jku", "x5u", "x5c"}


def test_the_token_has_the_claims_that_are_required(account: Account) -> None:
    _, claims, _ = parts(account.token)
    assert claims["iss"]
    assert claims["aud"]
    assert claims["sub"] == account.id


def test_the_token_lives_for_15_minutes(account: Account) -> None:
    _, claims, _ = parts(account.token)
    assert 0 < claims["exp"] - time.time() <= 905


def test_the_token_has_no_other_personal_data(account: Account) -> None:
    _, claims, _ = parts(account.token)
    assert account.email not in str(claims)


def test_the_token_is_signed_with_a_published_key(api: Api, account: Account) -> None:
    header, _, _ = parts(account.token)
    keys = {key["kid"]: key for key in api.call("GET", "/.well-known/jwks.json").json()["keys"]}
    key = jwk.import_key(keys[header["kid"]])
    verified = jws.deserialize_compact(account.token, key, algorithms=[header["alg"]])
    assert verified.payload


def test_the_key_set_has_no_private_parts(api: Api) -> None:
    for key in api.call("GET", "/.well-known/jwks.json").json()["keys"]:
        assert not key.keys() & PRIVATE_PARTS


def test_each_key_has_its_own_id(api: Api) -> None:
    kids = [key["kid"] for key in api.call("GET", "/.well-known/jwks.json").json()["keys"]]
    assert len(kids) == len(set(kids))


def test_the_key_set_may_be_cached_for_a_while(api: Api) -> None:
    response = api.call("GET", "/.well-known/jwks.json")
    assert "max-age" in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"password": "incorrect horse"}, id="wrong"),
        pytest.param({"password": "Correct horse battery"}, id="other-case"),
        pytest.param({"password": "correct horse battery "}, id="space-behind"),
    ],
)
def test_a_wrong_password_is_refused(api: Api, account: Account, changes: dict[str, str]) -> None:
    response = api.post("/tokens", json=credentials(account, **changes))
    problem(response, 401, "invalid-credentials")


def test_an_unknown_email_gets_the_same_response_as_a_wrong_password(
    api: Api, account: Account
) -> None:
    wrong = api.post("/tokens", json=credentials(account, password="incorrect horse"))
    unknown = api.post("/tokens", json=credentials(account, email=unknown_email()))
    problem(unknown, 401, "invalid-credentials")
    assert unknown.content == wrong.content
    assert list(unknown.headers) == list(wrong.headers)


def test_an_unknown_email_takes_as_long_as_a_wrong_password(api: Api, stranger: Account) -> None:
    def shortest_seconds(email: Callable[[], str]) -> float:
        spent = []
        for _ in range(4):
            begun = time.perf_counter()
            response = api.post("/tokens", json={"email": email(), "password": "incorrect horse"})
            spent.append(time.perf_counter() - begun)
            problem(response, 401, "invalid-credentials")
        return min(spent)

    unknown, wrong = shortest_seconds(unknown_email), shortest_seconds(lambda: stranger.email)
    # Without the hash it would take a fraction of that
    assert unknown > wrong / 2.5


@pytest.mark.parametrize("missing", ["email", "password"])
def test_a_missing_field_is_named(api: Api, account: Account, missing: str) -> None:
    sent = {name: value for name, value in credentials(account).items() if name != missing}
    assert missing in problem(api.post("/tokens", json=sent), 422, "invalid")["errors"]


@pytest.mark.parametrize("name", ["scope", "id", "expires_in"])
def test_an_unknown_field_is_named(api: Api, account: Account, name: str) -> None:
    sent = credentials(account) | {name: "x"}
    assert name in problem(api.post("/tokens", json=sent), 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "password",
    [None, 7, ["a"], {"a": 1}, "x" * 129],
    ids=["null", "number", "list", "object", "long"],
)
def test_a_password_of_another_shape_is_invalid(
    api: Api, account: Account, password: object
) -> None:
    sent = {"email": account.email, "password": password}
    assert "password" in problem(api.post("/tokens", json=sent), 422, "invalid")["errors"]


def test_an_account_is_throttled_after_ten_failures_in_parallel(
    api: Api, account: Account, new_account: Callable[[str], Account]
) -> None:
    victim = new_account("throttled")
    wrong = credentials(victim, password="incorrect horse")
    call = {"method": "POST", "path": "/api/v1/tokens", "json": wrong}
    statuses = Counter(response.status_code for response in api.together([call] * GUESSES))
    # 503 if more passwords wait to be hashed than the target admits
    assert statuses.keys() <= {401, 429, 503}
    assert statuses[401] <= 10
    while (response := api.post("/tokens", json=wrong)).status_code == 401:
        statuses[401] += 1
    assert statuses[401] == 10
    problem(response, 429, "too-many-requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 3600
    # The right password gets the same response
    problem(api.post("/tokens", json=credentials(victim)), 429, "too-many-requests")
    # A token that was issued before stays valid, and other accounts are not affected
    assert api.get("/account", by=victim).status_code == 200
    assert api.post("/tokens", json=credentials(account)).status_code == 200
