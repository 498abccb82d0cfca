"""The environment is the one that the project asks for: pyproject.toml and the lock agree."""

import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def test_installed_packages_match_the_lock() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for text in asked["project"]["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(version(wanted.name)), text
