"""The files of an architecture, and what each of them declares.

A unit is a folder with a `pyproject.toml`: it has its own version and is released on its own. A
side's shared libraries (`shared/`) belong to neither side and aren't counted.
"""

import re
from collections.abc import Iterator
from pathlib import Path

SIDES = ("monolith", "microservices")
_SKIPPED = frozenset({"__pycache__", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
_CONFIGURATION = ("Caddyfile", "Dockerfile", "Procfile", "pyproject.toml")
_PROCESS = re.compile(r"^([a-z]+):", re.MULTILINE)
_SETTINGS = re.compile(r"^\| variable \| default \|.*\n\|[ -|]+\n((?:\|.*\n)+)", re.MULTILINE)
_SETTING = re.compile(r"^\| `([A-Z_0-9]+)` \|", re.MULTILINE)
_TASK = re.compile(r"^@(?:shared_task|app\.task)\(", re.MULTILINE)
_TABLE = re.compile(r"migrations\.(CreateModel|DeleteModel)\(|\.(create_table)\(")
_PIN = re.compile(r"^([a-zA-Z0-9][a-zA-Z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\\n]+)", re.MULTILINE)


def files(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder, but what tools left there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _SKIPPED & set(path.relative_to(folder).parts):
            yield path


def is_test(path: Path, folder: Path) -> bool:
    """Return whether a file belongs to a unit's tests."""
    return "tests" in path.relative_to(folder).parts


def is_generated(path: Path) -> bool:
    """Return whether Django wrote the file: a migration."""
    return path.parent.name == "migrations"


def is_configuration(path: Path) -> bool:
    """Return whether a file configures how a unit is built, started or reached."""
    return path.name in _CONFIGURATION


def units(folder: Path) -> list[Path]:
    """Return the folders of the units."""
    return [path.parent for path in files(folder) if path.name == "pyproject.toml"]


def processes(procfile: str) -> list[str]:
    """Return the process types of a Procfile; `release` is a command that ends."""
    return [name for name in _PROCESS.findall(procfile) if name != "release"]


def settings(readme: str) -> list[str]:
    """Return the variables of a README's table, which a test holds equal to the settings module."""
    table = _SETTINGS.search(readme)
    return [] if table is None else _SETTING.findall(table[1])


def message_types(source: str) -> int:
    """Return how many kinds of messages a file receives through the broker."""
    return len(_TASK.findall(source))


def tables(source: str) -> int:
    """Return how many tables a file creates: a migration in PostgreSQL, other code in DynamoDB."""
    signs = {"CreateModel": 1, "DeleteModel": -1, "create_table": 1}
    return sum(signs[model or call] for model, call in _TABLE.findall(source))


def pins(lock: str) -> set[tuple[str, str]]:
    """Return the packages that a lock pins, each with its version."""
    return {(name.lower(), version) for name, version in _PIN.findall(lock)}
