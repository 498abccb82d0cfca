"""Authentication: every operation that needs a token, and every kind of invalid token."""

import socket
from collections.abc import Iterator
from uuid import uuid4

import pytest
from support.client import PREFIX, Account, Api, problem
from support.contract import Contract
from support.forged_tokens import ATTACKS, Forger

PROTECTED = [
    (method.upper(), path)
    for path, method, operation in Contract().operations()
    if operation.get("security") != []
]
# Verified by different services where there are several
DOORS = ["/account", "/submissions"]


@pytest.fixture(scope="module")
def forger(api: Api, account: Account) -> Forger:
    return Forger(account.token, api.call("GET", "/.well-known/jwks.json").json())


def refused(api: Api, path: str, authorization: str) -> None:
    headers = {"Authorization": authorization}
    problem(api.get(path, headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize(("method", "path"), PROTECTED, ids=[f"{m} {p}" for m, p in PROTECTED])
def test_a_token_is_needed(api: Api, method: str, path: str) -> None:
    response = api.call(method, path.replace("{id}", str(uuid4())))
    problem(response, 401, "unauthenticated")


@pytest.mark.parametrize("path", DOORS)
def test_a_good_token_gets_in(api: Api, account: Account, path: str) -> None:
    assert api.get(path, by=account).status_code == 200


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_forged_token_is_refused(api: Api, forger: Forger, path: str, attack: str) -> None:
    refused(api, path, f"Bearer {ATTACKS[attack](forger)}".strip())


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize(
    "form",
    ["Basic {token}", "Token {token}", "{token}", "Bearer {token} {token}", "Bearer{token}"],
)
def test_another_scheme_is_refused(api: Api, account: Account, path: str, form: str) -> None:
    refused(api, path, form.replace("{token}", account.token))


@pytest.mark.parametrize("path", DOORS)
def test_a_token_in_the_url_is_ignored(api: Api, account: Account, path: str) -> None:
    response = api.get(path, params={"access_token": account.token, "token": account.token})
    problem(response, 401, "unauthenticated")


@pytest.mark.parametrize("path", DOORS)
def test_a_token_in_a_cookie_is_ignored(api: Api, account: Account, path: str) -> None:
    headers = {"Cookie": f"token={account.token}; sessionid={account.token}"}
    problem(api.get(path, headers=headers), 401, "unauthenticated")


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """Yield a listening port to which no connection may be made."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        yield listener


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("header", ["jku", "x5u"])
def test_a_key_is_never_fetched_from_a_url_in_a_token(
    api: Api, forger: Forger, canary: socket.socket, path: str, header: str
) -> None:
    port = canary.getsockname()[1]
    forged = forger.own_key(header={header: f"http://127.0.0.1:{port}/jwks.json"})
    refused(api, path, f"Bearer {forged}")
    with pytest.raises(TimeoutError):
        canary.accept()


def test_the_refusal_is_the_same_for_every_reason(api: Api, forger: Forger) -> None:
    bodies = {
        api.get("/account", headers={"Authorization": f"Bearer {ATTACKS[name](forger)}"}).content
        for name in ("garbage", "alg-none", "foreign-key", "bit-of-signature", "kid-unknown")
    }
    assert len(bodies) == 1


def test_submitting_without_a_token_reads_nothing_of_the_body(api: Api) -> None:
    response = api.call(
        "POST", f"{PREFIX}/submissions", content=b"{", headers={"Content-Type": "application/json"}
    )
    problem(response, 401, "unauthenticated")
