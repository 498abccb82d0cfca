"""JSON Schema as rows of a table: one row for each field, nested objects by dotted paths."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
Link = Callable[[str], str]  # a reference's last step -> Markdown that links to its section
_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "format": "format {}",
    "pattern": "matches `{}`",
    "default": "default `{}`",
}
_USUAL = (("minimum", 0), ("minLength", 1))  # not worth a reader's time


@dataclass(frozen=True)
class Field:
    """One field of an object: its path from there, type, whether it is required, and meaning."""

    path: str
    type: str
    required: bool
    meaning: str


def fields(schema: Schema, link: Link, prefix: str = "") -> Iterator[Field]:
    """Yield an object's fields, those of objects inside it after the field that holds them."""
    for part in (schema, *schema.get("allOf", ())):
        required = set(part.get("required", ()))
        for name, value in part.get("properties", {}).items():
            field = value if isinstance(value, Mapping) else {}  # true permits anything
            path = f"{prefix}{name}"
            yield Field(path, type_text(field, link), name in required, meaning(field))
            inner, step = _inner(field)
            yield from fields(inner, link, f"{path}{step}.")


def meaning(schema: Schema) -> str:
    """Return a field's description, with its limits in brackets."""
    limits = [
        text.format(schema[name])
        for name, text in _LIMITS.items()
        if name in schema and (name, schema[name]) not in _USUAL
    ]
    description = str(schema.get("description", "")).strip()
    if not limits:
        return description
    shown = ", ".join(limits)
    return f"{description.rstrip('.')} ({shown})." if description else f"{shown}."


def type_text(schema: Schema, link: Link) -> str:
    """Return a type in words, with links to the sections of referenced schemas."""
    if "$ref" in schema:
        return link(str(schema["$ref"]).rsplit("/", 1)[-1])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return "one of " + ", ".join("null" if it is None else f"`{it}`" for it in schema["enum"])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema and "properties" not in schema:
            texts = dict.fromkeys(type_text(it, link) for it in schema[union])
            return " or ".join(texts) if union != "allOf" else ", ".join(texts)
    kinds = schema.get("type", "any")
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    return " or ".join(_kind(name, schema, link) for name in names)


def _kind(name: str, schema: Schema, link: Link) -> str:
    values = schema.get("additionalProperties")
    if name == "array" and "items" in schema:
        return f"list of {type_text(schema['items'], link)}"
    if name == "object" and isinstance(values, Mapping) and values:
        return f"map of name to {type_text(values, link)}"
    return name


def _inner(schema: Schema) -> tuple[Schema, str]:
    """Return the object inside a field, if it has one of its own, and the step that leads there."""
    if "properties" in schema:
        return schema, ""
    if isinstance(schema.get("items"), Mapping):
        inner, step = _inner(schema["items"])
        return inner, f"[]{step}"
    if isinstance(schema.get("additionalProperties"), Mapping):
        inner, step = _inner(schema["additionalProperties"])
        return inner, f".*{step}"
    for union in ("anyOf", "oneOf"):
        for option in schema.get(union, ()):
            inner, step = _inner(option)
            if inner:
                return inner, step
    return {}, ""


def references(schema: object) -> Iterator[str]:
    """Yield the last step of every reference below a schema, in order."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rsplit("/", 1)[-1]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)
