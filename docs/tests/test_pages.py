"""The pages hold: links lead somewhere, and commands, variables and files named there exist."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from generation import site_extension

ROOT = Path(__file__).parents[2]
IGNORED = {".venvs", ".build", ".run", ".git", "_build", "results", "reference", "node_modules"}


def _files(ignored: set[str]) -> Iterator[Path]:
    """Yield the files of the repository without looking into folders of these names."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in ignored]
        yield from (Path(folder, name) for name in names)


PAGES = sorted(path for path in _files(IGNORED) if path.suffix == ".md")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MAKE = re.compile(r"(?:\$ |`)make ([a-z][a-z-]*)")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = [link.split("#")[0] for link in _LINK.findall(page.read_text())]
    local = [link for link in targets if link and "://" not in link and "mailto:" not in link]
    # The reference pages are written when the site is built.
    written = {f"reference/{name}" for name in site_extension.PAGES}
    missing = [link for link in local if not (page.parent / link).exists() and link not in written]
    assert missing == []


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


def _flow_rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "flow.md").read_text().splitlines()
    return [line.split("|")[2:4] for line in lines if line.startswith("| ") and "/" in line]


@pytest.mark.parametrize(("column", "base"), [(0, "monolith"), (1, "microservices")])
def test_flow_page_names_files_that_exist(column: int, base: str) -> None:
    named = [
        name
        for row in _flow_rows()
        for name in re.findall(r"`([a-z_/]+/[a-z_]*(?:\.py)?)`", row[column])
    ]
    assert len(named) >= 10
    assert [name for name in named if not (ROOT / base / name).exists()] == []


def test_flow_page_names_the_module_that_hands_the_work_over() -> None:
    """In each side the file of that step is the one that publishes to the queue of the workers."""
    (row,) = [it for it in _flow_rows() if "published after the commit" in it[0]]
    for cell, base in zip(row, ("monolith", "microservices"), strict=True):
        (name,) = re.findall(r"`([a-z_/]+\.py)`", cell)
        text = (ROOT / base / name).read_text()
        assert re.search(r"\bpublish\(", text)
        assert "on_commit" in text


OWN = [
    page
    for page in PAGES
    if page.parent in {ROOT, ROOT / "docs", ROOT / "microservices", ROOT / "shared"}
    and not page.name.startswith(("findings", "reliability", "seam"))
]
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:css|dot|json|md|py|toml|txt|yaml|yml))`")


@pytest.fixture(scope="module")
def repository_files() -> set[str]:
    return {_name(path) for path in _files(IGNORED - {"results"})}


@pytest.mark.parametrize("page", OWN, ids=_name)
def test_paths_that_a_page_names_exist(page: Path, repository_files: set[str]) -> None:
    """From the repository's root, or from the folder of a unit."""
    missing = [
        name
        for name in _PATH.findall(page.read_text())
        if not any(file == name or file.endswith(f"/{name}") for file in repository_files)
    ]
    assert missing == []


def test_links_to_generated_pages_are_generated() -> None:
    links = {
        link
        for page in (ROOT / "docs").glob("*.md")
        for link in _LINK.findall(page.read_text())
        if link.startswith("reference/")
    }
    assert links <= {f"reference/{name}" for name in site_extension.PAGES}


def test_readme_begins_with_question_image_answers_and_commands() -> None:
    text = (ROOT / "README.md").read_text()
    order = [
        "monolith or microservices?",
        "architectures.svg",
        "| question: result |",
        "make compare",
        "make test",
    ]
    places = [text.index(it) for it in order]
    assert places == sorted(places)
    assert len(text.splitlines()) <= 150
