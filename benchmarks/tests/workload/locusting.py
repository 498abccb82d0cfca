"""Runs Locust as the process that it is: it patches whoever imports it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]
IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"
LIMIT_SECONDS = 60


def locust(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Stock Locust, at its own command line."""
    return subprocess.run(
        [sys.executable, "-m", "locust", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=LIMIT_SECONDS,
    )


def statistics(folder: Path) -> dict[str, dict[str, Any]]:
    """Locust's own final statistics, from its --json-file, by "TYPE name"."""
    rows = json.loads((folder / "locust.json").read_text())
    return {f"{row['method']} {row['name']}": row for row in rows}
