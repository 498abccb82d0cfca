"""The results document's version and form; `results.schema.json` documents every field."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA_VERSION = 2
SCHEMA = Path(__file__).with_name("results.schema.json")
# An experiment that the schema doesn't list has the form of those with trials, and their page.
COMMON_FORM = {"$ref": "#/$defs/scaling"}


class UnreadableResults(ValueError):
    """A results document that is missing, broken, or of another version or form."""


def check(results: Any) -> None:
    """Raise UnreadableResults, with the first fault in words, unless the document is readable."""
    version = results.get("schema_version") if isinstance(results, dict) else None
    if version != SCHEMA_VERSION:
        raise UnreadableResults(
            f"The results are of schema version {version}; this code reads {SCHEMA_VERSION}. "
            "Redraw them with `make report RESULTS=…`, or check out the commit that they name."
        )
    try:
        # As a file would hold it: no tuples, and no number that JSON hasn't.
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
    """Read and check a `results.json`.

    Raises UnreadableResults, in one sentence that names the file, for one that is missing, is no
    JSON, or is of another version or form.
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
