"""Read a unit's Procfile, which lists its processes."""

from pathlib import Path

RELEASE = "release"


def read_procfile(folder: Path) -> dict[str, str]:
    """Return the commands by process type, in the file's order.

    Comments and empty lines are skipped. ValueError for any other line that isn't
    `name: command`, and FileNotFoundError.
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
