"""The OpenAPI document: generated from the code, and committed for the edge to merge."""

from pathlib import Path

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient


@pytest.fixture
def document(api: APIClient) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    response = api.get("/api/v1/schema")
    assert response.status_code == 200
    document: dict[str, dict[str, dict[str, dict[str, object]]]] = response.json()
    return document


def test_it_has_every_operation_and_status(
    document: dict[str, dict[str, dict[str, dict[str, dict[str, object]]]]],
) -> None:
    calls = {
        (method, path): set(call["responses"])
        for path, item in document["paths"].items()
        for method, call in item.items()
        if "submissions" in path
    }
    one = "/api/v1/submissions/{id}"
    common = {"401", "503"}
    assert calls == {
        ("post", "/api/v1/submissions"): {"202", "400", "406", "409", "413", "415", "422", "429"}
        | common,
        ("get", "/api/v1/submissions"): {"200", "406", "422"} | common,
        ("get", one): {"200", "304", "404", "406", "422"} | common,
        ("delete", one): {"204", "404", "406"} | common,
        ("get", f"{one}/result"): {"200", "404", "406", "409"} | common,
        ("get", f"{one}/image"): {"200", "302", "404", "409"} | common,
    }


def test_it_is_made_without_a_warning(api: APIClient, capsys: pytest.CaptureFixture[str]) -> None:
    assert api.get("/api/v1/schema").json()["openapi"].startswith("3.1.")
    assert "Warning" not in capsys.readouterr().err


def test_the_file_is_generated_from_the_code(api: APIClient) -> None:
    """Update the file with `python manage.py spectacular --file openapi.yaml --validate`."""
    generated = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    text = (Path(__file__).parents[1] / "openapi.yaml").read_text()
    assert yaml.safe_load(text) == generated == api.get("/api/v1/schema").json()
    assert "internal" not in text
