"""JSON that people can scroll through: what holds only plain values stands on one line."""

import json
from typing import Any


def lay_out(document: Any) -> str:
    """Return the document as JSON text, with a newline at its end.

    Objects and lists that hold others are spread over lines, one entry each; all others are a line.
    """
    return _text(document, "") + "\n"


def _text(value: Any, indent: str) -> str:
    inner = indent + " "
    if isinstance(value, dict) and any(map(_holds, value.values())):
        entries = [f"{json.dumps(str(key))}: {_text(it, inner)}" for key, it in value.items()]
        return _block("{", entries, "}", indent)
    if isinstance(value, list | tuple) and any(map(_holds, value)):
        return _block("[", [_text(it, inner) for it in value], "]", indent)
    return json.dumps(value)


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list | tuple) and bool(value)


def _block(opening: str, entries: list[str], closing: str, indent: str) -> str:
    inside = ",\n".join(f"{indent} {it}" for it in entries)
    return f"{opening}\n{inside}\n{indent}{closing}"
