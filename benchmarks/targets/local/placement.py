"""The placement: versions, settings and ports of a target, recorded for other commands.

`placement.json` is beside state.json, which lists the processes. It holds the units' settings,
secrets included, and is readable by its owner alone.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.targets.architectures import REPOSITORY

FILE = "placement.json"


@dataclass(frozen=True)
class Installed:
    """One version of a unit on this machine: its files, its programs, and their origin.

    `root` has the layout of the repository: the artifact of a release, or the working tree, which
    `make up` deploys. `since` is when the version began to serve, in ISO 8601, UTC. `despite` are
    the reasons against its release, if it was released with FORCE.
    """

    root: Path
    executables: Path
    version: str
    commit: str
    is_release: bool = False
    since: str = ""
    despite: tuple[str, ...] = ()

    def files(self, folder: Path) -> Path:
        """Return this version's copy of a folder of the repository."""
        return self.root / folder.relative_to(REPOSITORY)


@dataclass
class Placed:
    """The content of placement.json. `installed` and `earlier` (newest last) are by unit."""

    architecture: str = ""
    environments: dict[str, dict[str, str]] = field(default_factory=dict)
    cores: list[int] | None = None
    edge: dict[str, str] = field(default_factory=dict)
    web_ports: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    installed: dict[str, Installed] = field(default_factory=dict)
    earlier: dict[str, list[Installed]] = field(default_factory=dict)


class Placement:
    """Access to placement.json, which one command at a time changes."""

    def __init__(self, run_dir: Path) -> None:
        self._file = run_dir / FILE
        self._lock = run_dir / f"{FILE}.lock"

    @contextmanager
    def changing(self) -> Iterator[Placed]:
        """Yield the content, and write what the block changed unless an exception leaves it.

        Other commands and threads that change the file wait for the end of the block.
        """
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            placed = self.read()
            yield placed
            fresh = self._file.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(asdict(placed), indent=2, default=str))
            fresh.replace(self._file)

    def remove(self) -> None:
        """Remove the file, and the secrets with it."""
        self._file.unlink(missing_ok=True)

    def read(self) -> Placed:
        """Return the content of the file; an empty one if there is no file."""
        try:
            raw = json.loads(self._file.read_text())
        except FileNotFoundError:
            return Placed()
        raw["installed"] = {unit: _installed(it) for unit, it in raw["installed"].items()}
        raw["earlier"] = {
            unit: [_installed(it) for it in of] for unit, of in raw["earlier"].items()
        }
        return Placed(**raw)


def _installed(raw: dict[str, Any]) -> Installed:
    paths = {name: Path(raw[name]) for name in ("root", "executables")}
    return Installed(**{**raw, **paths, "despite": tuple(raw["despite"])})
