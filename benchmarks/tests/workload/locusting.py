"""Runs Locust as the process that it is: it patches whoever imports it."""

import csv
import subprocess
import sys
from pathlib import Path

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


def statistics(folder: Path) -> dict[str, dict[str, str]]:
    """Locust's own statistics, from its --csv, by "TYPE name"."""
    with (folder / "locust_stats.csv").open(newline="") as file:
        return {f"{row['Type']} {row['Name']}": row for row in csv.DictReader(file)}
