"""Where the things are that the tests use, and what is known of the pictures."""

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
    """The faces that the fixtures' expectations name for a picture, such as images/group.jpg."""
    expectations: dict[str, Any] = json.loads((FIXTURES / "expectations.json").read_text())
    faces: list[dict[str, float]] = expectations["images"][name]["faces"]
    return faces
