"""GET /schema: the document that the running code implements."""

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from support.client import Api
from support.contract import Contract

DOCUMENTED = {
    f"{method.upper()} {path}": (path, method, operation)
    for path, method, operation in Contract().operations()
    if path.startswith("/api/v1/") and path != "/api/v1/schema"
}


def shape(path: str) -> str:
    """Return a path without the names of its parameters."""
    return re.sub(r"\{[^}]+\}", "{}", path)


@pytest.fixture(scope="module")
def live(api: Api) -> Any:
    response = api.get("/schema", headers={"Accept": "application/json"})
    assert response.status_code == 200
    return response.json()


@pytest.fixture(scope="module")
def operations(live: Any) -> dict[str, Any]:
    return {
        f"{method.upper()} {shape(path)}": operation
        for path, item in live["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }


def test_it_is_a_valid_openapi_document(live: Any) -> None:
    OpenAPIV31SpecValidator(live).validate()


def test_it_is_given_without_a_token_to_a_browser_too(api: Api) -> None:
    response = api.get("/schema", headers={"Accept": "*/*"})
    assert response.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", DOCUMENTED)
def test_it_has_the_operation_with_its_success(operations: dict[str, Any], name: str) -> None:
    path, method, documented = DOCUMENTED[name]
    implemented = operations[f"{method.upper()} {shape(path)}"]
    due = {status for status in documented["responses"] if status.startswith("2")}
    assert due <= implemented["responses"].keys()


@pytest.mark.parametrize("name", DOCUMENTED)
def test_it_has_the_parameters(operations: dict[str, Any], live: Any, name: str) -> None:
    path, method, documented = DOCUMENTED[name]
    implemented = operations[f"{method.upper()} {shape(path)}"]
    due = {parameter["name"] for parameter in documented.get("parameters", ())}
    found = {parameter["name"] for parameter in implemented.get("parameters", ())}
    # Conditional requests belong to HTTP, and generators leave them out
    assert due - {"If-None-Match"} <= found


@pytest.mark.parametrize("name", [n for n, (_, _, o) in DOCUMENTED.items() if "requestBody" in o])
def test_it_has_the_request_bodies(operations: dict[str, Any], name: str) -> None:
    path, method, documented = DOCUMENTED[name]
    implemented = operations[f"{method.upper()} {shape(path)}"]
    due = documented["requestBody"]["content"].keys()
    assert due == implemented["requestBody"]["content"].keys()


def test_it_has_nothing_that_the_contract_lacks(operations: dict[str, Any]) -> None:
    known = {f"{method.upper()} {shape(path)}" for path, method, _ in Contract().operations()}
    assert operations.keys() <= known
