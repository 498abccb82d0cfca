"""`results.schema.json` is generated from the types, is strict, and describes each field."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report.claim_texts import VERDICT_CLASSES
from benchmarks.results_model import reading, schema
from benchmarks.tests.report.sample import everything

EXAMPLES = sorted((Path(__file__).parents[2] / "results").glob("*/results.json"))
SCHEMA = schema.json_schema()


def _nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of the schema, with where it stands."""
    if isinstance(node, list):
        for place, child in enumerate(node):
            yield from _nodes(child, f"{path}/{place}")
    elif isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from _nodes(value, f"{path}/{key}")


def test_the_committed_schema_is_that_of_the_types() -> None:
    assert schema.SCHEMA.read_text(encoding="utf-8") == schema.text(), (
        "make results-schema writes it"
    )


def test_it_is_a_schema_and_documents_keep_it() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    validator.validate(json.loads(json.dumps(reading.to_plain(everything()))))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_each_committed_document_keeps_it_and_is_read(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator(SCHEMA).validate(document)
    assert reading.to_plain(reading.read(path)) == document


def test_every_object_of_the_schema_is_closed() -> None:
    opened = [
        path
        for path, node in _nodes(SCHEMA)
        if node.get("type") == "object" and "additionalProperties" not in node
    ]
    assert opened == ["/properties/environment"], "free in form, for people"


def test_every_reference_leads_to_a_definition() -> None:
    references = {node["$ref"] for _, node in _nodes(SCHEMA) if "$ref" in node}
    assert references == {f"#/$defs/{name}" for name in SCHEMA["$defs"]}


def test_every_verdict_is_in_the_schema_and_has_its_colour() -> None:
    claim = SCHEMA["$defs"]["JudgedClaim"]["properties"]["verdict"]
    (verdicts,) = (it["enum"] for it in claim["anyOf"] if "enum" in it)
    assert {*verdicts} == {*Verdict} == {*VERDICT_CLASSES}


def test_every_field_of_the_schema_is_described() -> None:
    assert all("description" in found for found in SCHEMA["$defs"].values())
    silent = [
        f"{path}/{name}"
        for path, node in _nodes(SCHEMA)
        if isinstance(node.get("properties"), dict) and node.get("type") == "object"
        for name, field in node["properties"].items()
        if not {"description", "$ref", "anyOf"} & field.keys()
    ]
    assert silent == []
