"""The merged document has the services' operations; contradictions are errors."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from merge_openapi import MergeError, merge, merged_text

EDGE = Path(__file__).parents[1]
SOURCES = [EDGE.parent / service / "openapi.yaml" for service in ("accounts", "submissions")]


def _document(path: str, operation: str, **components: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": operation, "version": "1"},
        "paths": {path: {"get": {"operationId": operation, "responses": {"200": {}}}}},
        "components": {"schemas": components},
    }


def test_the_file_is_the_merge_of_its_sources() -> None:
    """Update the file with `python merge_openapi.py ../accounts/openapi.yaml … openapi.json`."""
    assert (EDGE / "openapi.json").read_text() == merged_text(SOURCES)


def test_every_reference_leads_somewhere() -> None:
    document = json.loads((EDGE / "openapi.json").read_text())

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for part in value.values() for found in references(part)]
        if isinstance(value, list):
            return [found for part in value for found in references(part)]
        return []

    found = set(references(document))
    assert found
    for reference in found:
        part = document
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


def test_paths_and_components_of_both() -> None:
    problem = {"type": "object"}
    document = merge(
        [
            _document("/b", "getB", Problem=problem, B={"type": "string"}),
            _document("/a", "getA", Problem=dict(problem), A={"type": "number"}),
        ]
    )
    assert list(document["paths"]) == ["/a", "/b"]
    assert list(document["components"]["schemas"]) == ["A", "B", "Problem"]
    assert document["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (_document("/a", "getOther"), "/a"),
        (_document("/b", "getA"), "getA"),
        (_document("/b", "getB", Problem={"type": "string"}), "Problem"),
        (_document("/b", "getB") | {"openapi": "3.0.3"}, "3.0.3"),
    ],
)
def test_contradictions_are_named(other: dict[str, Any], named: str) -> None:
    first = _document("/a", "getA", Problem={"type": "object"})
    before = copy.deepcopy(first)
    with pytest.raises(MergeError, match=named):
        merge([first, other])
    assert first == before
