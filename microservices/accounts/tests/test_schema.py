"""The OpenAPI document: generated from the code, and committed for the edge to merge."""

from pathlib import Path

import yaml
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

FILE = Path(__file__).parents[1] / "openapi.yaml"


def test_the_file_is_generated_from_the_code() -> None:
    """Update the file with `python manage.py spectacular --file openapi.yaml --validate`."""
    generated = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    assert yaml.safe_load(FILE.read_text()) == generated


def test_the_document_is_served(api: APIClient) -> None:
    response = api.get("/api/v1/schema")
    assert response.status_code == 200
    document = response.json()
    assert document["openapi"].startswith("3.1.")
    assert document == yaml.safe_load(FILE.read_text())


def test_it_has_every_path() -> None:
    document = yaml.safe_load(FILE.read_text())
    calls = {
        (method, path): set(call["responses"])
        for path, item in document["paths"].items()
        for method, call in item.items()
    }
    common = {"406", "503"}
    assert calls == {
        ("post", "/api/v1/accounts"): {"201", "400", "409", "415", "422", "429"} | common,
        ("post", "/api/v1/tokens"): {"200", "400", "401", "415", "422", "429"} | common,
        ("get", "/api/v1/account"): {"200", "401"} | common,
        ("get", "/.well-known/jwks.json"): {"200"} | common,
    }
