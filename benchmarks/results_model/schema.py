"""The JSON Schema of the results document, generated from its types."""

import json
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.results_model.document import Head, ResultsDocument
from benchmarks.results_model.experiments import TYPES, OtherResults

SCHEMA = Path(__file__).with_name("results.schema.json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Results of a run"
REFERENCE = "#/$defs/{name}"
TAGS = {  # the fields by which types are distinguished; msgspec doesn't describe them
    "experiment": "The experiment's name.",
    "kind": "What is made of the sweep.",
}


def text() -> str:
    """Return the content of `results.schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """Return the schema of a whole document."""
    kinds = [Head, *TYPES.values(), OtherResults]
    _, definitions = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    enums = {name: it["enum"] for name, it in definitions.items() if "enum" in it}
    closed = {name: _tidy(it, enums) for name, it in definitions.items() if name not in enums}
    document = closed.pop(Head.__name__)
    document["properties"]["experiments"] = {
        "description": "The results of the run's one experiment, by its name.",
        "type": "object",
        "properties": {name: _reference(kind) for name, kind in TYPES.items()},
        "additionalProperties": _reference(OtherResults),
        "minProperties": 1,
        "maxProperties": 1,
    }
    document["required"].append("experiments")
    document["description"] = " ".join(str(ResultsDocument.__doc__).split())
    return {"$schema": DIALECT, "title": TITLE, **document, "$defs": closed}


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=kind.__name__)}


def _tidy(node: Any, enums: dict[str, list[Any]]) -> Any:
    """Return a schema without titles and discriminators, with enumerations in place."""
    if isinstance(node, list):
        return [_tidy(it, enums) for it in node]
    if not isinstance(node, dict):
        return node
    found = {
        key: _properties(value, enums) if key == "properties" else _tidy(value, enums)
        for key, value in node.items()
        if key not in {"title", "discriminator"}
    }
    name = str(found.get("$ref", "")).rpartition("/")[2]
    if name in enums:
        del found["$ref"]
        found["enum"] = enums[name]
    if len(found.get("enum", ())) == 1:
        (found["const"],) = found.pop("enum")
    if "description" in found:
        found["description"] = " ".join(str(found["description"]).split())
    return found


def _properties(fields: dict[str, Any], enums: dict[str, list[Any]]) -> dict[str, Any]:
    described = {name: _tidy(field, enums) for name, field in fields.items()}
    for name, description in TAGS.items():
        if "const" in described.get(name, ()):
            described[name] = {"description": description, **described[name]}
    return described
