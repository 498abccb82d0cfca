"""Paths, methods, media types, health: what holds for every call."""

from uuid import uuid4

import pytest
from support.client import Account, Api, problem
from support.contract import Contract

OPERATIONS: dict[str, set[str]] = {}
for _path, _method, _ in Contract().operations():
    OPERATIONS.setdefault(_path, set()).add(_method.upper())
API_PATHS = {path: methods for path, methods in OPERATIONS.items() if path.startswith("/api/")}
WRONG_METHODS = [
    (method, path)
    for path, methods in API_PATHS.items()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    if method not in methods
]


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v2/submissions",
        "/api/v1/submissions/",
        "/api/v1/accounts/",
        "/api/v1/account/1",
        "/api/v1/submissions/018f0000-0000-7000-8000-000000000000/nothing",
        "/api/v1/submissions/018f0000-0000-7000-8000-000000000000/",
        "/api/v1/submissions/%00",
        "/.well-known/nothing",
    ],
)
def test_a_path_that_leads_nowhere(api: Api, account: Account, path: str) -> None:
    problem(api.call("GET", path, by=account), 404, "not-found")


@pytest.mark.parametrize(
    "path", ["/internal/submission-count", "/internal/", "/admin/", "/metrics"]
)
def test_the_inside_is_not_reached_through_the_edge(api: Api, account: Account, path: str) -> None:
    headers = {"Authorization": f"Bearer {account.token}"}
    assert api.http.get(path, headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), WRONG_METHODS, ids=[f"{m} {p}" for m, p in WRONG_METHODS]
)
def test_a_method_that_a_path_does_not_have(
    api: Api, account: Account, method: str, path: str
) -> None:
    response = api.call(method, path.replace("{id}", str(uuid4())), by=account)
    problem(response, 405, "method-not-allowed")
    allowed = {name.strip() for name in response.headers["Allow"].split(",")}
    assert allowed - {"HEAD", "OPTIONS"} == API_PATHS[path]


@pytest.mark.parametrize("path", ["/api/v1/account", "/api/v1/submissions"])
def test_json_is_given_whatever_else_is_accepted_too(api: Api, account: Account, path: str) -> None:
    headers = {"Accept": "text/html, application/json;q=0.5"}
    response = api.call("GET", path, by=account, headers=headers)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("path", ["/api/v1/account", "/api/v1/submissions"])
def test_what_can_not_be_given_is_not_acceptable(api: Api, account: Account, path: str) -> None:
    response = api.call("GET", path, by=account, headers={"Accept": "application/xml"})
    problem(response, 406, "not-acceptable")


def test_problems_are_sent_to_clients_that_accept_only_json(api: Api) -> None:
    response = api.get("/account", headers={"Accept": "application/json"})
    problem(response, 401, "unauthenticated")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_needs_no_token(api: Api, path: str) -> None:
    response = api.call("GET", path)
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


def test_readiness_names_services_and_nothing_more(api: Api) -> None:
    parts = api.call("GET", "/readyz").json()["parts"]
    assert parts
    assert all(state == "ok" for state in parts.values())
    assert not any(sign in name for name in parts for sign in ":/@.")


@pytest.mark.parametrize("path", ["/api/v1/account", "/api/v1/nothing", "/.well-known/jwks.json"])
def test_the_media_type_is_not_to_be_guessed(api: Api, account: Account, path: str) -> None:
    headers = api.call("GET", path, by=account).headers
    assert headers.get("X-Content-Type-Options") == "nosniff"


def test_other_sites_are_not_let_in(api: Api, account: Account) -> None:
    headers = {"Origin": "https://attacker.example"}
    response = api.get("/account", by=account, headers=headers)
    assert "Access-Control-Allow-Origin" not in response.headers


def test_no_cookie_is_set(api: Api, account: Account) -> None:
    assert "Set-Cookie" not in api.get("/account", by=account).headers


def test_a_strange_host_name_changes_nothing(api: Api, account: Account) -> None:
    response = api.get("/account", by=account, headers={"Host": "attacker.example"})
    assert response.status_code in {200, 404}
    assert "attacker.example" not in response.text


def test_hundreds_of_headers_break_nothing(api: Api, account: Account) -> None:
    headers = {f"X-Header-{number}": "x" for number in range(80)}
    assert api.get("/account", by=account, headers=headers).status_code == 200
