"""The version and schema of the results document; `results.schema.json` describes its fields."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA_VERSION = 2
SCHEMA = Path(__file__).with_name("results.schema.json")
# An experiment that the schema doesn't list has the form of those with trials, and their page.
COMMON_FORM = {"$ref": "#/$defs/scaling"}


class UnreadableResults(ValueError):
    """A results document that is missing, malformed, or of another version."""


def check(results: Any) -> None:
    """Raise UnreadableResults, with the first violation, unless the document is valid."""
    version = results.get("schema_version") if isinstance(results, dict) else None
    if version != SCHEMA_VERSION:
        raise UnreadableResults(
            f"The results are of schema version {version}; this code reads {SCHEMA_VERSION}. "
            "Redraw them with `make report RESULTS=…`, or check out the commit that they name."
        )
    try:
        # As in a file: without tuples, and without numbers that JSON lacks.
        document = json.loads(json.dumps(results, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise UnreadableResults(f"The results can't be written as JSON: {error}.") from error
    form = json.loads(SCHEMA.read_text(encoding="utf-8"))
    form["properties"]["experiments"]["additionalProperties"] = COMMON_FORM
    for fault in Draft202012Validator(form).iter_errors(document):
        raise UnreadableResults(
            f"The results break the schema at {fault.json_path}: {fault.message}"
        )


def read(path: Path) -> dict[str, Any]:
    """Return the content of a `results.json` after a check against the schema.

    Raises UnreadableResults, in one sentence that names the file, for one that is missing, is not
    JSON, or has another version or other fields.
    """
    try:
        results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableResults(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise UnreadableResults(f"{path} is not JSON: {error}.") from error
    try:
        check(results)
    except UnreadableResults as fault:
        raise UnreadableResults(f"{path}: {fault}") from fault
    return results
