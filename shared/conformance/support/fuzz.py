"""The seed and the counts of generated requests: printed, and kept when a run fails."""

import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


def seed_from_option(text: str | None) -> int | None:
    """Parse `--fuzz-seed`: none, a number, or `random`. Raises ValueError."""
    if text is None:
        return None
    return secrets.randbelow(2**32) if text == "random" else int(text)


@dataclass
class Fuzzing:
    """One run. Without a seed the same requests are generated every time."""

    examples: int  # for each operation of the contract, valid and invalid ones each
    sequences: int  # of the state machine
    seed: int | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """Return the lines to print at the end of a run."""
        found = [f"generated {name}: {count}" for name, count in sorted(self.counts.items())]
        if self.seed is not None:
            found.append(f"repeat with --fuzz-seed={self.seed}")
        return found

    def keep(self, path: Path, *, base_url: str, failed: list[str]) -> None:
        """Append a failed run to a file of JSON lines."""
        record = {"seed": self.seed, "base_url": base_url, "failed": failed, "counts": self.counts}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
