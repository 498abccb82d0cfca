"""The reference page of `results.json`, from its JSON Schema."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generation.paths import ROOT
from generation.schema_tables import Field, fields, references
from generation.templating import render

SCHEMA = ROOT / "benchmarks" / "results_model" / "results.schema.json"


@dataclass(frozen=True)
class Section:
    """An object of the document."""

    name: str
    description: str
    fields: tuple[Field, ...]


def page() -> str:
    """Return the page's Markdown: the document, then each experiment with the objects it uses."""
    document = json.loads(SCHEMA.read_text(encoding="utf-8"))
    definitions = document.get("$defs", {})
    experiments = document["properties"]["experiments"]
    shown: set[str] = set()
    groups = [
        (name, [_section(it, definitions) for it in _reached(schema, definitions, shown)])
        for name, schema in experiments.get("properties", {}).items()
    ]
    everything = [_section(it, definitions) for it in _reached(document, definitions, shown)]
    return render(
        "reference_results.md.j2",
        title=document["title"],
        description=document.get("description", ""),
        fields=tuple(fields(document, _link)),
        groups=[(name, sections) for name, sections in groups if sections],
        others=everything,
    )


def _reached(schema: object, definitions: Mapping[str, Any], shown: set[str]) -> Iterator[str]:
    """Yield the definitions below a schema, nearest first, that no group has shown yet."""
    waiting = list(references(schema))
    while waiting:
        name = waiting.pop(0)
        if name in shown:
            continue
        shown.add(name)
        yield name
        waiting += references(definitions[name])


def _section(name: str, definitions: Mapping[str, Any]) -> Section:
    schema = definitions[name]
    return Section(name, schema.get("description", ""), tuple(fields(schema, _link)))


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"
