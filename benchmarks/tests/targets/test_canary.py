"""The differences between responses that the canary finds."""

from typing import Any

import pytest
from benchmarks.targets.releases.canary import differences

SERVES = {"status": 200, "document": {"state": "succeeded", "items": [{"id": 1}], "at": None}}


def _with(**changed: Any) -> dict[str, Any]:
    return {"status": 200, "document": {**SERVES["document"], **changed}}  # type: ignore[dict-item]


@pytest.mark.parametrize("found", [SERVES, _with(more=1), _with(items=[{"id": 1, "more": 2}])])
def test_the_same_and_more_is_right(found: dict[str, Any]) -> None:
    assert differences(SERVES, found, "/x") == []


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            _with(state="pending"),
            "/x document state is 'pending', and 'succeeded' in the serving version",
        ),
        (_with(items=[]), "/x document items is [], and [{'id': 1}] in the serving version"),
        (_with(items=[{"id": 2}]), "/x document items[0] id is 2, and 1 in the serving version"),
        ({"status": 200, "document": {}}, "/x document has no state"),
        ({**SERVES, "status": 500}, "/x status is 500, and 200 in the serving version"),
    ],
)
def test_anything_else_is_wrong(found: dict[str, Any], expected: str) -> None:
    assert expected in differences(SERVES, found, "/x")
