"""The environment matches pyproject.toml and the lock."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def test_installed_packages_suit_the_project() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for text in required["project"]["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(version(wanted.name)), text


def test_installed_packages_are_those_of_the_lock() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    pinned = [Requirement(line) for line in re.findall(r"^(\w.*?) \\$", lock, re.MULTILINE)]
    assert len(pinned) > 10
    for wanted in pinned:
        if wanted.marker is None or wanted.marker.evaluate():
            assert wanted.specifier.contains(version(wanted.name)), str(wanted)
