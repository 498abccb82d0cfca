"""Keep the bytecode that the Python of suites and checks compiles, in a folder of its own.

They start Python hundreds of times. Where the caller's environment has PYTHONDONTWRITEBYTECODE,
each start would compile all that it imports again, half of its CPU time. No file is added to a
checkout or an environment, which is what that variable is for.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from repository import REPOSITORY

FOLDER = REPOSITORY / ".build" / "bytecode"


def kept(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which Python keeps its bytecode, where the caller chose if so."""
    found = {name: it for name, it in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(FOLDER), **found}


def forget(folder: Path) -> None:
    """Remove the bytecode of a temporary folder's modules, which no later run imports."""
    shutil.rmtree(FOLDER / folder.resolve().relative_to("/"), ignore_errors=True)
