"""What runs where, written down at each change, so that another command can go on from there.

`placement.json` lies beside state.json, which says which processes there are. It holds what the
units are told, secrets among it, and is readable by its owner alone.
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
    """One version of a unit on this machine: its files, its programs, and where they are from.

    `root` is a folder in which its files lie as in the repository: the artifact of a release, or
    the working tree, which `make up` deploys. `since` is when it began to serve, in ISO 8601, UTC.
    `despite` is what spoke against its release, where somebody released it anyway.
    """

    root: Path
    executables: Path
    version: str
    commit: str
    is_release: bool = False
    since: str = ""
    despite: tuple[str, ...] = ()

    def files(self, folder: Path) -> Path:
        """Where it has what lies in this folder of the repository."""
        return self.root / folder.relative_to(REPOSITORY)


@dataclass
class Placed:
    """What placement.json says. `installed` and `earlier` (newest last) go by unit."""

    architecture: str = ""
    environments: dict[str, dict[str, str]] = field(default_factory=dict)
    cores: list[int] | None = None
    edge: dict[str, str] = field(default_factory=dict)
    web_ports: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    installed: dict[str, Installed] = field(default_factory=dict)
    earlier: dict[str, list[Installed]] = field(default_factory=dict)


class Placement:
    """The file, which is changed by one command at a time."""

    def __init__(self, run_dir: Path) -> None:
        self._file = run_dir / FILE
        self._lock = run_dir / f"{FILE}.lock"

    @contextmanager
    def changing(self) -> Iterator[Placed]:
        """What it says now; what is changed is written unless an exception leaves the block.

        Another command, or another thread, that wants to change it waits meanwhile.
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
        """Forget what was placed, and the secrets with it."""
        self._file.unlink(missing_ok=True)

    def read(self) -> Placed:
        """What it says now; nothing where there is no such file."""
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
