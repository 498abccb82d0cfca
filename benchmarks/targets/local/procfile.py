"""Reads a unit's Procfile: which processes it consists of."""

from pathlib import Path

RELEASE = "release"


def read_procfile(folder: Path) -> dict[str, str]:
    """Map process type to command, in the file's order; comments and empty lines are skipped.

    Raises ValueError for a line that is neither, and FileNotFoundError.
    """
    processes: dict[str, str] = {}
    path = folder / "Procfile"
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, command = line.partition(":")
        if not colon or not name.strip().isidentifier() or not command.strip():
            message = f"{path}:{number} is not `name: command`."
            raise ValueError(message)
        processes[name.strip()] = command.strip()
    return processes
