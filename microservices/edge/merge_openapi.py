"""Merge the services' OpenAPI documents into the one that the edge serves.

`python merge_openapi.py ../accounts/openapi.yaml ../submissions/openapi.yaml openapi.json`

A path belongs to one service. A component of one name may come from several, if they mean the same
by it. Anything else stops the merge: the edge doesn't guess who is right.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
INFO = {
    "title": "Faces in images",
    "version": "1.0.0",
    "description": "The document of every service behind this edge, merged.",
}


class MergeError(Exception):
    """Two services contradict each other."""


def merge(documents: list[Document]) -> Document:
    """Return one OpenAPI document. Raises MergeError with the contradiction."""
    versions = {document["openapi"] for document in documents}
    if len(versions) != 1:
        message = f"The documents are of several OpenAPI versions: {', '.join(sorted(versions))}."
        raise MergeError(message)
    paths: Document = {}
    components: dict[str, Document] = {}
    for document in documents:
        for path, item in document["paths"].items():
            if path in paths:
                message = f"Two services have {path}."
                raise MergeError(message)
            paths[path] = item
        for kind, named in document.get("components", {}).items():
            _take(components.setdefault(kind, {}), named, kind)
    _check_operations(paths)
    return {
        "openapi": versions.pop(),
        "info": INFO,
        "paths": dict(sorted(paths.items())),
        "components": {
            kind: dict(sorted(named.items())) for kind, named in sorted(components.items())
        },
    }


def _take(taken: Document, named: Document, kind: str) -> None:
    for name, component in named.items():
        if taken.setdefault(name, component) != component:
            message = f"Two services mean different things by {kind}/{name}."
            raise MergeError(message)


def _check_operations(paths: Document) -> None:
    seen: set[str] = set()
    for item in paths.values():
        for operation in item.values():
            name = operation.get("operationId") if isinstance(operation, dict) else None
            if name in seen:
                message = f"Two operations are called {name}."
                raise MergeError(message)
            if name is not None:
                seen.add(name)


def merged_text(sources: list[Path]) -> str:
    """Return the merged document of the sources as JSON text."""
    documents = [yaml.safe_load(source.read_text(encoding="utf-8")) for source in sources]
    return json.dumps(merge(documents), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    *sources, target = (Path(argument) for argument in sys.argv[1:])
    target.write_text(merged_text(sources), encoding="utf-8")
