"""The results document: its schema is met, is strict, and says what each field is."""

import copy
import json
from typing import Any

import pytest

from benchmarks.report import schema
from benchmarks.tests.report.sample import results, trials


def test_a_document_passes_and_survives_json() -> None:
    schema.check(json.loads(json.dumps(results(trials()))))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: it.update(schema_version=2), "of schema version 2"),
        (lambda it: it.pop("schema_version"), "of schema version None"),
        (lambda it: it["run"].pop("seed"), "'seed' is a required property"),
        (lambda it: it["run"].update(extra=1), r"\$\.run: .*'extra' was unexpected"),
        (
            lambda it: it["experiments"]["scaling"]["claims"][0].update(verdict="wins"),
            "'wins' is not one of",
        ),
    ],
)
def test_another_form_is_refused_in_a_sentence(change: Any, said: str) -> None:
    document = copy.deepcopy(results(trials()))
    change(document)
    with pytest.raises(schema.UnreadableResults, match=said):
        schema.check(document)


@pytest.mark.parametrize("document", [None, [], "results", 1])
def test_what_is_no_document_is_refused(document: Any) -> None:
    with pytest.raises(schema.UnreadableResults):
        schema.check(document)


def test_every_object_of_the_schema_is_closed_and_told_about() -> None:
    open_objects: list[str] = []

    def look(node: Any, path: str) -> None:
        if isinstance(node, dict):
            if node.get("type") == "object" and "additionalProperties" not in node:
                open_objects.append(path)
            for key, value in node.items():
                look(value, f"{path}/{key}")

    document = json.loads(schema.SCHEMA.read_text())
    look(document, "")
    assert open_objects == ["/properties/environment"], "free in form, for people"
    assert all("description" in it for it in document["$defs"].values())
