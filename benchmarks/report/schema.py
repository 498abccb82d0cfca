"""The results document's version and form; `results.schema.json` documents every field."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA_VERSION = 1
SCHEMA = Path(__file__).with_name("results.schema.json")


class UnreadableResults(ValueError):
    """A results document of another version or form."""


def check(results: Any) -> None:
    """Raise UnreadableResults, with the first fault in words, unless the document is readable."""
    version = results.get("schema_version") if isinstance(results, dict) else None
    if version != SCHEMA_VERSION:
        raise UnreadableResults(
            f"The results are of schema version {version}; this code reads {SCHEMA_VERSION}."
        )
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for fault in validator.iter_errors(results):
        raise UnreadableResults(
            f"The results break the schema at {fault.json_path}: {fault.message}"
        )
