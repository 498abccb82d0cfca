"""What counts as a break of an OpenAPI document or a message's schema, and what doesn't."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from benchmarks.targets.gate.description_changes import message_breaks, openapi_breaks

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things": {
            "get": {
                "parameters": [{"in": "query", "name": "limit", "schema": {"maximum": 100}}],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Page"}}
                        }
                    },
                    "404": {"content": {"application/problem+json": {"schema": {}}}},
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["url"],
                                "properties": {"url": {"type": "string", "maxLength": 100}},
                                "additionalProperties": False,
                            }
                        }
                    },
                },
                "responses": {"202": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "required": ["items", "next"],
                "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                    "next": {"type": ["string", "null"]},
                },
            },
            "Thing": {
                "type": "object",
                "required": ["id", "state"],
                "properties": {
                    "id": {"type": "string"},
                    "state": {"enum": ["pending", "done"]},
                    "note": {"type": "string"},
                },
            },
        }
    },
}
Change = Callable[[dict[str, Any]], object]


def _thing(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["Thing"]
    return found


def _operation(document: dict[str, Any], method: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/things"][method]
    return found


def _body(document: dict[str, Any]) -> dict[str, Any]:
    content = _operation(document, "post")["requestBody"]["content"]
    found: dict[str, Any] = content["application/json"]["schema"]
    return found


BREAKING: dict[str, Change] = {
    "POST /things is gone": lambda document: document["paths"]["/things"].pop("post"),
    "GET /things, 200.items[].state is gone": lambda document: _thing(document)["properties"].pop(
        "state"
    ),
    "GET /things, 200.items[].id may be missing now": lambda document: _thing(document)[
        "required"
    ].remove("id"),
    "GET /things, 200.items[].id may be integer now": lambda document: _thing(document)[
        "properties"
    ].update(id={"type": "integer"}),
    "GET /things, 200.items[].state may have other values now": lambda document: _thing(document)[
        "properties"
    ]["state"]["enum"].append("lost"),
    "GET /things, 200.items[].note may be null now": lambda document: _thing(document)[
        "properties"
    ].update(note={"type": ["string", "null"]}),
    "POST /things no longer returns 202": lambda document: _operation(document, "post").update(
        responses={}
    ),
    "POST /things, body.title is required now": lambda document: _body(document)["required"].append(
        "title"
    ),
    "POST /things, body.url is no longer taken": lambda document: _body(document)["properties"].pop(
        "url"
    ),
    "POST /things, body.url: maxLength is narrower now": lambda document: _body(document)[
        "properties"
    ]["url"].update(maxLength=10),
    "GET /things, query limit: maximum is narrower now": lambda document: _operation(
        document, "get"
    )["parameters"][0]["schema"].update(maximum=50),
    "GET /things, query limit is no longer taken": lambda document: _operation(
        document, "get"
    ).update(parameters=[]),
    "GET /things, query order is required now": lambda document: _operation(document, "get")[
        "parameters"
    ].append({"in": "query", "name": "order", "required": True, "schema": {}}),
}
COMPATIBLE: dict[str, Change] = {
    "a field more": lambda document: _thing(document)["properties"].update(
        size={"type": "integer"}
    ),
    "a field that is always there now": lambda document: _thing(document)["required"].append(
        "note"
    ),
    "a call more": lambda document: document["paths"].update({"/others": {"get": {}}}),
    "a status more": lambda document: _operation(document, "get")["responses"].update({"429": {}}),
    "an optional input more": lambda document: _body(document)["properties"].update(
        title={"type": "string"}
    ),
    "an input that may be longer": lambda document: _body(document)["properties"]["url"].update(
        maxLength=200
    ),
    "a parameter more": lambda document: _operation(document, "get")["parameters"].append(
        {"in": "query", "name": "order", "schema": {}}
    ),
    "an input that need not be there": lambda document: _body(document)["required"].remove("url"),
    "an error less": lambda document: _operation(document, "get")["responses"].pop("404"),
    "words": lambda document: _thing(document).update(description="A thing."),
}


def _changed(change: Change) -> dict[str, Any]:
    after = copy.deepcopy(DOCUMENT)
    change(after)
    return after


@pytest.mark.parametrize("sentence", BREAKING)
def test_each_breaking_change_is_named(sentence: str) -> None:
    assert sentence in openapi_breaks(DOCUMENT, _changed(BREAKING[sentence]))


@pytest.mark.parametrize("name", COMPATIBLE)
def test_a_compatible_change_is_not_breaking(name: str) -> None:
    after = _changed(COMPATIBLE[name])
    assert after != DOCUMENT
    assert openapi_breaks(DOCUMENT, after) == []


def test_a_schema_that_refers_to_itself_comes_to_an_end() -> None:
    tree = {"$ref": "#/components/schemas/Thing"}
    after = _changed(lambda document: _thing(document)["properties"].update(parent=tree))
    assert openapi_breaks(after, after) == []


def test_a_message_is_given_and_may_grow() -> None:
    before = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    more = {**before, "properties": {**before["properties"], "size": {}}}  # type: ignore[dict-item]
    assert message_breaks("it.done", before, more) == []
    assert message_breaks("it.done", more, before) == ["it.done.size is gone"]
