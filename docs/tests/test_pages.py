"""The pages hold: links lead somewhere, and commands, variables and files named there exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IGNORED = {".venvs", ".build", ".run", ".git", "_build", "results", "node_modules"}
PAGES = sorted(
    path for path in ROOT.rglob("*.md") if not IGNORED & set(path.relative_to(ROOT).parts)
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MAKE = re.compile(r"(?:\$ |`)make ([a-z][a-z-]*)")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = [link.split("#")[0] for link in _LINK.findall(page.read_text())]
    local = [link for link in targets if link and "://" not in link and "mailto:" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_make_commands_that_pages_name_exist(page: Path) -> None:
    rules = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(_MAKE.findall(page.read_text())) - rules == set()


def test_pages_were_found() -> None:
    assert {"README.md", "docs/index.md", "monolith/README.md"} <= {_name(p) for p in PAGES}


def test_every_unit_has_its_faces() -> None:
    units = [
        "monolith",
        *(f"microservices/{n}" for n in ("accounts", "submissions", "recognition")),
    ]
    files = ["README.md", "CHANGELOG.md", "Dockerfile", "Procfile", "pyproject.toml"]
    wanted = [ROOT / unit / file for unit in units for file in [*files, "requirements.txt"]]
    assert [_name(path) for path in wanted if not path.exists()] == []


def test_decisions_have_their_parts() -> None:
    for page in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        text = page.read_text()
        assert text.startswith(f"# {int(page.name[:4])}. "), page.name
        for part in ("**Status:**", "## Context", "## Decision", "## Consequences"):
            assert part in text, f"{page.name} lacks {part}"


def test_flow_page_names_files_that_exist() -> None:
    rows = [
        line.split("|")[2:4]
        for line in (ROOT / "docs" / "flow.md").read_text().splitlines()
        if line.startswith("| ") and "/" in line
    ]
    checked = 0
    for monolith, service in rows:
        for cell, bases in (
            (monolith, [ROOT / "monolith"]),
            (service, sorted((ROOT / "microservices").iterdir())),
        ):
            for name in re.findall(r"`([a-z]+/[a-z_]+\.py)`", cell):
                assert any((base / name).exists() for base in bases), name
                checked += 1
    assert checked >= 8
