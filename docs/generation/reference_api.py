"""The API's reference page, from `shared/contracts/openapi.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from generation.paths import CONTRACTS
from generation.schema_tables import Field, fields, meaning, type_text
from generation.templating import render

Node = Mapping[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True)
class Response:
    """One status that an operation responds with, and its body; `name`d if operations share it."""

    status: str
    meaning: str
    body: str
    name: str = ""


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    summary: str
    description: str
    token: bool
    parameters: tuple[Field, ...]
    bodies: tuple[tuple[str, str], ...]
    responses: tuple[Response, ...]
    shared: tuple[Response, ...]


@dataclass(frozen=True)
class SchemaSection:
    """A named schema of the contract."""

    name: str
    description: str
    type: str
    fields: tuple[Field, ...]


def page() -> str:
    """Return the page's Markdown."""
    document: Node = yaml.safe_load((CONTRACTS / "openapi.yaml").read_text(encoding="utf-8"))
    codes: Node = yaml.safe_load((CONTRACTS / "errors.yaml").read_text(encoding="utf-8"))
    tags = {it["name"]: it["description"] for it in document["tags"]}
    return render(
        "reference_api.md.j2",
        info=document["info"],
        tags=tags,
        operations={tag: tuple(_operations(document, tag)) for tag in tags},
        shared=_shared(document),
        schemas=tuple(_schemas(document)),
        codes={group: entries for group, entries in codes.items() if isinstance(entries, Mapping)},
    )


def _operations(document: Node, tag: str) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method in METHODS:
            operation = item.get(method)
            if operation is None or tag not in operation["tags"]:
                continue
            responses = list(_responses(document, operation["responses"]))
            yield Operation(
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                description=operation.get("description", ""),
                token=operation.get("security", document["security"]) != [],
                parameters=tuple(
                    _parameter(_resolved(document, it))
                    for it in [*shared, *operation.get("parameters", [])]
                ),
                bodies=tuple(_contents(operation.get("requestBody", {}))),
                responses=tuple(it for it in responses if not it.name),
                shared=tuple(it for it in responses if it.name),
            )


def _parameter(parameter: Node) -> Field:
    schema = {"description": parameter.get("description", ""), **parameter["schema"]}
    return Field(
        path=parameter["name"],
        type=f"{type_text(schema, _link)}, in the {parameter['in']}",
        required=bool(parameter.get("required")),
        meaning=meaning(schema),
    )


def _contents(body: Node) -> Iterator[tuple[str, str]]:
    for media_type, content in body.get("content", {}).items():
        yield media_type, type_text(content.get("schema", {}), _link)


def _responses(document: Node, responses: Node) -> Iterator[Response]:
    for status, reference in responses.items():
        response = _resolved(document, reference)
        bodies = [
            "[Problem](#problem)" if media_type.startswith("application/problem") else text
            for media_type, text in _contents(response)
        ]
        name = reference["$ref"].rsplit("/", 1)[-1] if "$ref" in reference else ""
        body = ", ".join(dict.fromkeys(bodies))
        yield Response(str(status), response["description"], body, name)


def _shared(document: Node) -> list[Response]:
    """Return the responses that operations share, with their statuses, in the order of these."""
    found = {
        (response.status, response.name): response
        for item in document["paths"].values()
        for method in METHODS
        for response in _responses(document, item.get(method, {}).get("responses", {}))
        if response.name
    }
    return [found[it] for it in sorted(found)]


def _schemas(document: Node) -> Iterator[SchemaSection]:
    for name, schema in document["components"]["schemas"].items():
        yield SchemaSection(
            name=name,
            description=schema.get("description", ""),
            type=type_text(schema, _link),
            fields=tuple(fields(schema, _link)),
        )


def _resolved(document: Node, node: Node) -> Node:
    if "$ref" not in node:
        return node
    found: Any = document
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    resolved: Node = found
    return resolved


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"
