"""Decode and check results documents."""

import json
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from benchmarks.results_model.document import SCHEMA_VERSION, ResultsDocument, UndecodedDocument
from benchmarks.results_model.experiments import (
    TYPES,
    ExperimentResults,
    NamedResults,
    OtherResults,
    name_of,
)

T = TypeVar("T")


class UnreadableResults(ValueError):
    """A results document that is missing, malformed, or of another version."""


class _Version(msgspec.Struct):
    schema_version: Any = None


def check(document: ResultsDocument) -> ResultsDocument:
    """Return the document as it is read from a file; UnreadableResults for an invalid one."""
    try:
        text = json.dumps(to_plain(document), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise UnreadableResults(f"The results can't be written as JSON: {error}.") from error
    return decode(text.encode())


def to_plain(document: ResultsDocument) -> dict[str, Any]:
    """Return the document as dicts, lists and plain values, in the order of its fields."""
    plain: dict[str, Any] = msgspec.to_builtins(document, enc_hook=_plain_number)
    return plain


def _plain_number(value: object) -> object:
    """Convert a number of numpy's, which msgspec doesn't know."""
    if isinstance(value, int | float):
        return value.item() if hasattr(value, "item") else value
    raise TypeError(f"a {type(value).__name__} has no place in the results")


def read(path: Path) -> ResultsDocument:
    """Return the content of a `results.json`.

    Raises UnreadableResults, in one sentence that names the file, for one that is missing, is not
    JSON, or has another version or other fields.
    """
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise UnreadableResults(f"{path} can't be read: {error.strerror}.") from error
    except UnreadableResults as error:
        raise UnreadableResults(f"{path}: {error}") from error


def decode(text: bytes) -> ResultsDocument:
    """Return the document that a JSON text holds.

    Raises UnreadableResults, in one sentence that names the field, unless it is valid.
    """
    _check_version(text)
    head = _decoded(text, UndecodedDocument, "$")
    if len(head.experiments) != 1:
        found = ", ".join(head.experiments) or "none"
        raise UnreadableResults(f"The results are of one experiment, and not of {found}.")
    (name, content), *_ = head.experiments.items()
    place = f"$.experiments.{name}"
    kind: type[NamedResults] | type[OtherResults] = TYPES.get(name, OtherResults)
    results: ExperimentResults = _decoded(bytes(content), kind, place)
    if name_of(results) != name:
        raise UnreadableResults(
            f"The results break the schema: {place}.experiment is {name_of(results)!r}."
        )
    return ResultsDocument(
        schema_version=SCHEMA_VERSION,
        run=head.run,
        environment=head.environment,
        conformance=head.conformance,
        experiments={name: results},
    )


def _check_version(text: bytes) -> None:
    try:
        version = msgspec.json.decode(text, type=_Version).schema_version
    except msgspec.ValidationError:
        version = None  # no object
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableResults(f"The results are not JSON: {error}.") from error
    if version != SCHEMA_VERSION:
        raise UnreadableResults(
            f"The results are of schema version {version}; this code reads {SCHEMA_VERSION}. "
            "Derive them again from their raw data with `make report RESULTS=…`, or check out the "
            "commit that they name."
        )


def _decoded(text: bytes, kind: type[T], place: str) -> T:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec ends its message with the path of the field: " - at `$.run.seed`"
        message, _, path = str(error).partition(" - at `$")
        raise UnreadableResults(
            f"The results break the schema at {place}{path.rstrip('`')}: {message}."
        ) from error
