"""The files that hosts and contributors look for: changelogs, attributes, contributing."""

import re
import subprocess
from pathlib import Path

import pytest
from generation.paths import ROOT


def _tracked(pattern: str) -> list[str]:
    command = ["git", "ls-files", "--", pattern]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_the_changelog_leads_to_each_unit_s() -> None:
    units = set(_tracked("*/CHANGELOG.md"))
    assert len(units) >= 10
    links = set(re.findall(r"\]\(([^)]+/CHANGELOG\.md)\)", (ROOT / "CHANGELOG.md").read_text()))
    assert links == units


@pytest.mark.parametrize(
    "pattern", ["benchmarks/results/example*", "*requirements*.txt", "docs/images/*.svg"]
)
def test_generated_files_are_marked(pattern: str) -> None:
    files = _tracked(pattern)
    assert files
    done = subprocess.run(
        ["git", "check-attr", "--stdin", "linguist-generated"],
        cwd=ROOT,
        input="\n".join(files),
        check=True,
        capture_output=True,
        text=True,
    )
    unmarked = [line for line in done.stdout.splitlines() if not line.endswith(": set")]
    assert unmarked == []


def test_hand_written_files_are_not_marked() -> None:
    command = ["git", "check-attr", "linguist-generated", "README.md", "docs/index.md", "Makefile"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.count(": unspecified") == 3


@pytest.mark.parametrize(
    "thing", ["a service", "an experiment", "a recognizer", "a fault", "a target"]
)
def test_contributing_explains_how_to_add(thing: str) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    _, heading, after = text.partition(f"\n## Add {thing}\n")
    assert heading
    section = after.partition("\n## ")[0]
    assert re.search(r"^(\d\.|-) ", section, re.MULTILINE)


def test_folders_that_contributing_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    folders = re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", text)
    named = [it for it in folders if "/" in it and Path(it).suffix == "" and "<" not in it]
    assert len(named) >= 8
    assert [it for it in named if not (ROOT / it).exists()] == []
