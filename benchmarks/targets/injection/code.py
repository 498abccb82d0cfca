"""Code overrides: settings that make a unit's own code fail at one point, on either side.

Python imports `overrides/sitecustomize.py` at its start if PYTHONPATH names the folder. It replaces
what both architectures use: the recognizer's class, Celery's `send_task` and the resolver.
"""

import json
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "overrides"


@dataclass(frozen=True)
class Overrides:
    """A folder whose files switch faults on; deploy the units with `settings`."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment of the units. Poison images need RECOGNIZER=synthetic."""
        return {"PYTHONPATH": str(_FOLDER), "FAULT_OVERRIDES": str(self.folder)}

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o777)

    def poison(self, *, width: int, height: int, effect: str) -> None:
        """Make images of this size "kill" the process, "hang" it or exhaust memory ("balloon")."""
        self._write("poison", {"width": width, "height": height, "effect": effect})

    def kill_before_publish(self) -> None:
        """Make the next process that publishes a message kill itself instead, once."""
        self._write("kill-before-publish", {})

    def kill_at(self, call: str, key: str, *, done: bool) -> None:
        """Make the next process that makes this AWS call (`PutObject`) on such a key die, once.

        `key` is a prefix. With `done` the process dies after the call, else before it.
        """
        self._write("kill-at", {"call": call, "key": key, "done": done})

    @property
    def has_killed(self) -> bool:
        """Return whether `kill_at` has killed a process since it was set."""
        return not (self.folder / "kill-at").exists()

    def resolve(self, name: str, *addresses: str, fails: bool = False, seconds: float = 0) -> None:
        """Resolve a name to these addresses in turn, or to none (`fails`), after `seconds`."""
        known = {"name": name, "addresses": addresses, "fails": fails, "seconds": seconds}
        self._write("resolver", known)

    def clear(self) -> None:
        """Switch all faults off."""
        for path in self.folder.iterdir():
            path.unlink(missing_ok=True)

    def _write(self, name: str, content: dict[str, object]) -> None:
        fresh = self.folder / f".{name}"
        fresh.write_text(json.dumps(content))
        fresh.replace(self.folder / name)
