"""The results document: its schema is met, is strict, and describes each field."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.analysis.ratios import Verdict
from benchmarks.report import page, schema
from benchmarks.tests.report.sample import everything, results, trials


def test_a_document_passes_and_survives_json() -> None:
    schema.check(json.loads(json.dumps(everything())))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda it: it.update(schema_version=1), "of schema version 1; this code reads 2"),
        (lambda it: it.pop("schema_version"), "of schema version None"),
        (lambda it: it["run"].pop("seed"), "'seed' is a required property"),
        (lambda it: it["run"].update(extra=1), r"\$\.run: .*'extra' was unexpected"),
        (lambda it: it["run"].update(bound_per_second=float("inf")), "can't be written as JSON"),
        (
            lambda it: it["experiments"]["scaling"]["claims"][0].update(verdict="wins"),
            "'wins' is not one of",
        ),
        (
            lambda it: it["experiments"]["scaling"]["sweeps"][0]["arms"][0].pop("capacity"),
            "'capacity' is a required property",
        ),
    ],
)
def test_another_form_is_refused_in_a_sentence(change: Any, expected: str) -> None:
    document = copy.deepcopy(results(trials()))
    change(document)
    with pytest.raises(schema.UnreadableResults, match=expected):
        schema.check(document)


@pytest.mark.parametrize("document", [None, [], "results", 1])
def test_what_is_no_document_is_refused(document: Any) -> None:
    with pytest.raises(schema.UnreadableResults):
        schema.check(document)


def test_a_file_is_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(results(trials())))
    assert schema.read(path)["run"]["id"] == "20260102T030405Z-standard"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "can't be read: No such file"),
        ('{"schema_version": 2, ', "is not JSON: "),
        ("\xff", "is not JSON: "),
        ('{"schema_version": 1}', "of schema version 1; this code reads 2."),
        ('{"schema_version": 2}', "break the schema at"),
    ],
)
def test_a_file_that_can_t_be_read_is_named_in_one_sentence(
    tmp_path: Path, text: str | None, expected: str
) -> None:
    path = tmp_path / "results.json"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(schema.UnreadableResults, match=expected) as caught:
        schema.read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def _nodes(node: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every object of the schema, with where it stands."""
    if isinstance(node, list):
        return [it for place, child in enumerate(node) for it in _nodes(child, f"{path}/{place}")]
    if not isinstance(node, dict):
        return []
    below = [it for key, value in node.items() for it in _nodes(value, f"{path}/{key}")]
    return [(path, node), *below]


def test_every_object_of_the_schema_is_closed() -> None:
    nodes = _nodes(json.loads(schema.SCHEMA.read_text()))
    opened = [
        path
        for path, node in nodes
        if node.get("type") == "object" and "additionalProperties" not in node
    ]
    assert opened == ["/properties/environment"], "free in form, for people"


def test_every_verdict_is_in_the_schema_and_has_its_colour() -> None:
    claim = json.loads(schema.SCHEMA.read_text())["$defs"]["claim"]
    assert {*claim["properties"]["verdict"]["enum"]} == {*Verdict} == {*page.VERDICT_CLASSES}


def test_every_field_of_the_schema_is_described() -> None:
    document = json.loads(schema.SCHEMA.read_text())
    assert all("description" in it for it in document["$defs"].values())
    silent = [
        f"{path}/{name}"
        for path, node in _nodes(document)
        if "properties" in node and node.get("type") == "object"
        for name, field in node["properties"].items()
        if not {"description", "$ref", "anyOf"} & field.keys()
    ]
    assert silent == []
