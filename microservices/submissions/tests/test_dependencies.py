"""The environment matches pyproject.toml and the lock."""

import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def test_installed_packages_match_the_lock() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for text in required["project"]["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(version(wanted.name)), text
