"""The generated reference pages have every call, setting and field of what they are made from."""

import json
import re

import pytest
import yaml
from generation import reference_api, reference_results, reference_settings, site_extension
from generation.paths import CONTRACTS, ROOT
from generation.schema_tables import Field, fields, type_text

API = reference_api.page()
RESULTS = reference_results.page()
SETTINGS = reference_settings.page()


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def test_the_api_page_has_every_operation_and_status() -> None:
    document = yaml.safe_load((CONTRACTS / "openapi.yaml").read_text())
    sections = dict(part.split("\n", 1) for part in API.split("\n### ")[1:])
    operations = [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in reference_api.METHODS
    ]
    assert len(operations) >= 10
    for heading, operation in operations:
        for status in operation["responses"]:
            shown = rf"^\| {status} \||^Also (?:\d+, )*{status}\b"
            assert re.search(shown, sections[heading], re.MULTILINE), (heading, status)


def test_the_api_page_has_every_schema_and_error_code() -> None:
    document = yaml.safe_load((CONTRACTS / "openapi.yaml").read_text())
    codes = yaml.safe_load((CONTRACTS / "errors.yaml").read_text())
    for name in document["components"]["schemas"]:
        assert f"\n### {name}\n" in API
    for group in codes.values():
        for code in group:
            assert f"| `{code}` |" in API


@pytest.mark.parametrize("text", [API, RESULTS, SETTINGS], ids=["api", "results", "settings"])
def test_a_page_s_tables_and_links_are_whole(text: str) -> None:
    headings = {it.lower().replace(" ", "-") for it in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings
    width = 0
    for line in text.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not (width and cells) or cells == width, line
        width = cells


def test_the_results_page_has_every_object_and_every_field() -> None:
    schema = json.loads(reference_results.SCHEMA.read_text())
    for name, definition in schema["$defs"].items():
        _, _, after = RESULTS.partition(f"\n### {name}\n")
        section = after.partition("\n### ")[0]
        for field in definition.get("properties", {}):
            assert f"| `{field}`" in section, (name, field)


def test_the_settings_page_has_every_setting_of_every_unit() -> None:
    for folder in reference_settings.UNITS.values():
        names = re.findall(
            r"^\| `([A-Z_0-9]+)` \|", (ROOT / folder / "README.md").read_text(), re.MULTILINE
        )
        settings = [it.name.strip("`") for it in reference_settings.settings_of(folder)]
        assert settings == names
        for name in names:
            assert f"| `{name}` |" in SETTINGS


def test_a_readme_without_settings_is_an_error() -> None:
    with pytest.raises(ValueError, match="no table of settings"):
        reference_settings.settings_of("shared/fixtures")


def test_fields_of_nested_objects_have_paths() -> None:
    schema = {
        "required": ["a"],
        "properties": {
            "a": {"type": "array", "items": {"properties": {"b": {"type": ["string", "null"]}}}},
            "c": {"additionalProperties": {"$ref": "#/$defs/d"}, "type": "object"},
        },
    }
    assert list(fields(schema, _link)) == [
        Field("a", "list of any", True, ""),
        Field("a[].b", "string or null", False, ""),
        Field("c", "map of name to [d](#d)", False, ""),
    ]


def test_types_in_words() -> None:
    assert type_text({"const": 2}, _link) == "`2`"
    assert type_text({"enum": ["x", None]}, _link) == "one of `x`, null"
    assert (
        type_text({"anyOf": [{"type": "null"}, {"$ref": "#/$defs/d"}]}, _link) == "null or [d](#d)"
    )


def test_the_pages_are_written_where_the_site_expects_them() -> None:
    site_extension.write_reference()
    assert (site_extension.FOLDER / "api.md").read_text() == API
