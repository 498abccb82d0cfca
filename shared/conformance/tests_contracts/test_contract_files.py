"""shared/contracts is valid, complete and consistent."""

import json
import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from support.contract import CONTRACTS, Contract

CONTRACT = Contract()
# The page's requests; requests between services aren't in the document.
PACTS = sorted((CONTRACTS / "pacts").glob("web-*.json"))
MESSAGES = sorted((CONTRACTS / "messages").glob("*.schema.json"))
CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
PROBLEM = "application/problem+json"


def message(name: str) -> Any:
    return json.loads((CONTRACTS / "messages" / f"{name}.schema.json").read_text("utf-8"))


def examples() -> list[tuple[str, str, Any]]:
    """Yield every example with the pointer of its schema."""
    found = []

    def visit(node: Any, pointer: str) -> None:
        if isinstance(node, dict):
            if "schema" in node and "examples" in node:
                for name, example in node["examples"].items():
                    named = example.get("$ref", "").rpartition("/")[2]
                    shown = CONTRACT.document["components"]["examples"].get(named, example)
                    found.append((f"{pointer}/{name}", f"{pointer}/schema", shown["value"]))
            for key, value in node.items():
                visit(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
        elif isinstance(node, list):
            for place, value in enumerate(node):
                visit(value, f"{pointer}/{place}")

    visit(CONTRACT.document, "")
    return found


def statuses_and_codes() -> set[tuple[int, str]]:
    """Yield every status with each code that the document lists for it."""
    found: set[tuple[int, str]] = set()

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            properties = node.get("properties", {})
            status, code = properties.get("status", {}), properties.get("code", {})
            if "const" in status and isinstance(status["const"], int):
                for name in code.get("enum", [code.get("const")]):
                    found.add((status["const"], name))
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(CONTRACT.document)
    return found


def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(CONTRACT.document).validate()


@pytest.mark.parametrize(("name", "pointer", "value"), examples(), ids=[e[0] for e in examples()])
def test_an_example_matches_its_schema(name: str, pointer: str, value: object) -> None:
    CONTRACT._validate(pointer, value)


def test_every_response_with_a_body_of_ours_has_an_example() -> None:
    shown = {name.rsplit("/", 1)[0] for name, _, _ in examples()}
    for path, method, operation in CONTRACT.operations():
        for status, response in operation["responses"].items():
            if "application/json" in response.get("content", {}) and "schema" not in path:
                escaped = path.replace("/", "~1")
                pointer = f"/paths/{escaped}/{method}/responses/{status}/content/application~1json"
                assert pointer in shown or path == "/.well-known/jwks.json", pointer


@pytest.mark.parametrize(
    "name", ["NewAccount", "NewToken", "NewSubmissionByAddress", "NewSubmissionByUpload"]
)
def test_a_request_takes_no_unknown_fields(name: str) -> None:
    assert CONTRACT.document["components"]["schemas"][name]["additionalProperties"] is False


def test_every_operation_that_needs_a_token_documents_401() -> None:
    for path, method, operation in CONTRACT.operations():
        if operation.get("security") != []:
            assert "401" in operation["responses"], (path, method)


def test_every_operation_has_its_own_id() -> None:
    ids = [operation["operationId"] for _, _, operation in CONTRACT.operations()]
    assert len(ids) == len(set(ids)) == 13


@pytest.mark.parametrize("kind", ["requests", "failures"])
def test_the_error_list_is_whole(kind: str) -> None:
    for code, error in CONTRACT.errors[kind].items():
        assert CODE.match(code)
        assert error.keys() == {"status", "title", "retryable", "client"}
        assert isinstance(error["retryable"], bool)
        assert (error["status"] is None) == (kind == "failures")


def test_document_and_error_list_name_the_same_codes() -> None:
    listed = {(error["status"], code) for code, error in CONTRACT.errors["requests"].items()}
    assert statuses_and_codes() | {(500, "internal")} == listed


def test_failure_codes_are_the_same_everywhere() -> None:
    schemas = CONTRACT.document["components"]["schemas"]
    listed = set(CONTRACT.errors["failures"])
    assert set(schemas["SubmissionError"]["properties"]["code"]["enum"]) == listed
    assert set(message("recognition.failed")["properties"]["code"]["enum"]) == listed


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.name)
def test_a_message_schema_is_valid_and_open(path: Any) -> None:
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == path.name.removesuffix(".schema.json")
    assert {"submission_id", "attempt"} <= set(schema["required"])
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for example in schema["examples"]:
        validator.validate(example)
        validator.validate(example | {"something_new": 1})
        for required in schema["required"]:
            assert not validator.is_valid({k: v for k, v in example.items() if k != required})


def test_there_are_four_messages() -> None:
    names = [path.name.removesuffix(".schema.json") for path in MESSAGES]
    assert names == [
        f"recognition.{end}" for end in ("completed", "failed", "requested", "started")
    ]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    sorted({
        (interaction["request"]["path"], interaction["request"]["method"],
         interaction["response"]["status"])
        for pact in PACTS
        for interaction in json.loads(pact.read_text("utf-8"))["interactions"]
    }),
)  # fmt: skip
def test_what_the_page_relies_on_is_documented(path: str, method: str, status: int) -> None:
    template = CONTRACT.template(path)
    assert template is not None
    operation = CONTRACT.document["paths"][template][method.lower()]
    assert str(status) in operation["responses"]


def test_media_types_are_the_same_everywhere() -> None:
    schemas = CONTRACT.document["components"]["schemas"]
    stored = schemas["StoredImage"]["properties"]["media_type"]["enum"]
    image = message("recognition.completed")["properties"]["image"]["properties"]
    assert image["media_type"]["enum"] == image["source_media_type"]["enum"] == stored
    assert schemas["SubmittedImage"]["properties"]["media_type"]["enum"] == [*stored, None]


def test_the_files_are_plain_yaml_and_json() -> None:
    for path in CONTRACTS.glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)
