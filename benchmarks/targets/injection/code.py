"""Code overrides: settings that make a unit's own code fail at one point, on either side.

Python imports `overrides/sitecustomize.py` at its start where PYTHONPATH names the folder. What it
replaces is what both architectures use: the recognizer's class, Celery's way of sending a task and
the resolver.
"""

import json
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "overrides"


@dataclass(frozen=True)
class Overrides:
    """A folder in which files switch faults on; `settings` is what the units are deployed with."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """The environment of the units. RECOGNIZER must be synthetic for poison images."""
        return {"PYTHONPATH": str(_FOLDER), "FAULT_OVERRIDES": str(self.folder)}

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o777)

    def poison(self, *, width: int, height: int, effect: str) -> None:
        """Have images of this size kill the process, or "hang", or take memory ("balloon")."""
        self._write("poison", {"width": width, "height": height, "effect": effect})

    def kill_before_publish(self) -> None:
        """Have the next process that publishes a message kill itself instead, once."""
        self._write("kill-before-publish", {})

    def kill_at(self, call: str, key: str, *, done: bool) -> None:
        """Have the next process that makes this AWS call (`PutObject`) on such a key die, once.

        `key` is how the key begins. The call is `done` before the process dies, or never made.
        """
        self._write("kill-at", {"call": call, "key": key, "done": done})

    @property
    def struck(self) -> bool:
        """Whether `kill_at` killed since it was set."""
        return not (self.folder / "kill-at").exists()

    def resolve(self, name: str, *addresses: str, fails: bool = False, seconds: float = 0) -> None:
        """Have a name resolve to these addresses in turn, or to none (`fails`), after `seconds`."""
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
