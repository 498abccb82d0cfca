"""The messages' schemas: this folder's own copy of the contract."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from recognition.messages import Outgoing

FOLDER = Path(__file__).parent / "contracts"


@cache
def schema(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text())
    return document


def assert_keeps_contract(message: Outgoing) -> None:
    """Check a message against its schema, after a round trip through JSON."""
    body = json.loads(json.dumps(message.body))
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(schema(message.name), format_checker=checker).validate(body)
    unknown = set(body) - set(schema(message.name)["properties"])
    assert not unknown, f"the contract doesn't know {unknown}"
