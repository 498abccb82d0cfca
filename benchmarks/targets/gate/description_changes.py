"""Breaking changes between two versions of a unit's descriptions.

The descriptions are the OpenAPI document (requests and responses) and the schemas of published
messages. Pacts cover the known consumers; this comparison covers unknown ones.

What a unit *gives* (responses, messages) may grow: new fields, new statuses. What it *takes*
(bodies, parameters) may require less: no new required input, no narrower type. The JSON Schema
keywords that are compared: type, enum, const, properties, required, additionalProperties, items,
the bounds, pattern, `$ref` within the document, anyOf and oneOf by their types.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete", "head")
# Bounds that narrow when they fall, and when they rise.
UPPER, LOWER = ("maximum", "maxLength", "maxItems"), ("minimum", "minLength", "minItems")
DEEPEST = 20  # the depth at which a recursive schema is cut off


def openapi_breaks(before: Schema, after: Schema) -> list[str]:
    """Return the breaking changes of an OpenAPI document, one sentence each."""
    return list(dict.fromkeys(_paths(before, after)))


def message_breaks(name: str, before: Schema, after: Schema) -> list[str]:
    """Return the breaking changes of a published message's schema, one sentence each."""
    return list(dict.fromkeys(_Given(before, after).compare(before, after, name)))


def _paths(before: Schema, after: Schema) -> Iterator[str]:
    for path, operations in before.get("paths", {}).items():
        for method in METHODS:
            if method not in operations:
                continue
            name = f"{method.upper()} {path}"
            later = after.get("paths", {}).get(path, {}).get(method)
            if later is None:
                yield f"{name} is gone"
                continue
            yield from _inputs(name, operations[method], later, before, after)
            yield from _responses(name, operations[method], later, before, after)


def _inputs(
    name: str, earlier: Schema, later: Schema, before: Schema, after: Schema
) -> Iterator[str]:
    taken = _Taken(before, after)
    known = {(was["in"], was["name"]): was for was in earlier.get("parameters", ())}
    for parameter in later.get("parameters", ()):
        was = known.pop((parameter["in"], parameter["name"]), None)
        where = f"{name}, {parameter['in']} {parameter['name']}"
        if parameter.get("required") and not (was or {}).get("required"):
            yield f"{where} is required now"
        if was is not None:
            yield from taken.compare(was.get("schema", {}), parameter.get("schema", {}), where)
    for place, parameter in known:
        yield f"{name}, {place} {parameter} is no longer taken"
    was, body = earlier.get("requestBody", {}), later.get("requestBody", {})
    if body.get("required") and not was.get("required"):
        yield f"{name} requires a body now"
    for kind, content in was.get("content", {}).items():
        if kind not in body.get("content", {}):
            yield f"{name} no longer takes {kind}"
        else:
            there = body["content"][kind]
            where = f"{name}, body"
            yield from taken.compare(content.get("schema", {}), there.get("schema", {}), where)


def _responses(
    name: str, earlier: Schema, later: Schema, before: Schema, after: Schema
) -> Iterator[str]:
    given = _Given(before, after)
    for status, response in earlier.get("responses", {}).items():
        there = later.get("responses", {}).get(status)
        if there is None:
            if status.startswith("2"):
                yield f"{name} no longer returns {status}"
            continue
        for kind, content in response.get("content", {}).items():
            if kind not in there.get("content", {}):
                yield f"{name}, {status} is no longer {kind}"
                continue
            other = there["content"][kind].get("schema", {})
            yield from given.compare(content.get("schema", {}), other, f"{name}, {status}")


class _Comparison:
    """A comparison of two documents, each of which resolves its schemas' references."""

    def __init__(self, before: Schema, after: Schema) -> None:
        self._before, self._after = before, after

    def compare(self, earlier: Schema, later: Schema, where: str, depth: int = 0) -> Iterator[str]:
        """Yield the breaking changes from one schema to a later one; `where` names the place."""
        if depth > DEEPEST:
            return
        earlier, later = _resolved(earlier, self._before), _resolved(later, self._after)
        yield from self._types(earlier, later, where)
        yield from self._fields(earlier, later, where, depth)
        if "items" in earlier and "items" in later:
            where = f"{where}[]"
            yield from self.compare(earlier["items"], later["items"], where, depth + 1)

    def _types(self, earlier: Schema, later: Schema, where: str) -> Iterator[str]:
        raise NotImplementedError

    def _fields(self, earlier: Schema, later: Schema, where: str, depth: int) -> Iterator[str]:
        raise NotImplementedError

    def _common(self, earlier: Schema, later: Schema, where: str, depth: int) -> Iterator[str]:
        was, now = earlier.get("properties", {}), later.get("properties", {})
        for name in was.keys() & now.keys():
            yield from self.compare(was[name], now[name], f"{where}.{name}", depth + 1)


class _Given(_Comparison):
    """Responses and messages: a reader of the earlier ones must be able to read the later."""

    def _types(self, earlier: Schema, later: Schema, where: str) -> Iterator[str]:
        more = kinds(later, self._after) - kinds(earlier, self._before)
        if more and kinds(earlier, self._before):
            yield f"{where} may be {', '.join(sorted(more))} now"
        was, now = _values(earlier), _values(later)
        if was and (not now or now - was):
            yield f"{where} may have other values now"

    def _fields(self, earlier: Schema, later: Schema, where: str, depth: int) -> Iterator[str]:
        now = later.get("properties", {})
        for name in earlier.get("properties", {}):
            if name not in now:
                yield f"{where}.{name} is gone"
            elif name in earlier.get("required", ()) and name not in later.get("required", ()):
                yield f"{where}.{name} may be missing now"
        yield from self._common(earlier, later, where, depth)


class _Taken(_Comparison):
    """Bodies and parameters: what was valid before must still be valid."""

    def _types(self, earlier: Schema, later: Schema, where: str) -> Iterator[str]:
        fewer = kinds(earlier, self._before) - kinds(later, self._after)
        if fewer and kinds(later, self._after):
            yield f"{where} may no longer be {', '.join(sorted(fewer))}"
        was, now = _values(earlier), _values(later)
        if now and (not was or was - now):
            yield f"{where} takes fewer values now"
        for names, is_narrower in ((UPPER, _falls), (LOWER, _rises)):
            for bound in names:
                if is_narrower(earlier.get(bound), later.get(bound)):
                    yield f"{where}: {bound} is narrower now"
        if later.get("pattern") not in {None, earlier.get("pattern")}:
            yield f"{where} has to match another pattern now"

    def _fields(self, earlier: Schema, later: Schema, where: str, depth: int) -> Iterator[str]:
        now = later.get("properties", {})
        closed = later.get("additionalProperties") is False
        for name in earlier.get("properties", {}):
            if name not in now and closed:
                yield f"{where}.{name} is no longer taken"
        for name in later.get("required", ()):
            if name not in earlier.get("required", ()):
                yield f"{where}.{name} is required now"
        yield from self._common(earlier, later, where, depth)


def kinds(schema: Schema, document: Schema) -> set[str]:
    """Return the JSON types that a schema admits; empty if it doesn't restrict them."""
    schema = _resolved(schema, document)
    if "type" in schema:
        named = schema["type"]
        return {named} if isinstance(named, str) else set(named)
    alternatives = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    return {kind for other in alternatives for kind in kinds(other, document)}


def _values(schema: Schema) -> set[str]:
    values = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return {repr(value) for value in values}


def _resolved(schema: Schema, document: Schema) -> Schema:
    for _ in range(DEEPEST):
        reference = schema.get("$ref", "")
        if not reference.startswith("#/"):
            break
        found: Any = document
        for step in reference[2:].split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        schema = found
    return schema


def _falls(before: float | None, after: float | None) -> bool:
    return after is not None and (before is None or after < before)


def _rises(before: float | None, after: float | None) -> bool:
    return after is not None and (before is None or after > before)
