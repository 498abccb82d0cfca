"""Raw files of runs before December 2026: their fields, by the names that they have now.

`earlier_names.json` maps the earlier names to the present ones, for each kind of document.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_NAMES: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)


def renamed(document: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return a document with the present names of its fields. KeyError for an unknown kind."""
    names = _NAMES[kind]
    return {names.get(name, name): value for name, value in document.items()}


def earlier_name(name: str, kind: str) -> str:
    """Return the earlier name of what has this name now. KeyError where it had no other one."""
    return {now: earlier for earlier, now in _NAMES[kind].items()}[name]
