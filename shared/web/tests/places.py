"""Paths used by the tests, and the expectations of the fixtures."""

import json
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parents[1]
SITE = WEB / "site"
SHARED = WEB.parent
ERRORS = SHARED / "contracts" / "errors.yaml"
FIXTURES = SHARED / "fixtures"
CADDYFILE = SHARED.parent / "monolith" / "edge" / "Caddyfile"

GROUP = FIXTURES / "images" / "group.jpg"
PORTRAIT = FIXTURES / "images" / "portrait.jpg"


def expected_faces(name: str) -> list[dict[str, float]]:
    """Return the expected faces of a fixture, such as images/group.jpg."""
    expectations: dict[str, Any] = json.loads((FIXTURES / "expectations.json").read_text())
    faces: list[dict[str, float]] = expectations["images"][name]["faces"]
    return faces
