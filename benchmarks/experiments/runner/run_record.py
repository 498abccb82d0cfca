"""The record of a run without load, as `run.json` holds it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.experiments.runner.results_folder import RAW_VERSION, run_id

RECORD = "run.json"


def new_record(
    folder: Path, experiment: str, *, profile: str, seed: int, base: str, order: Sequence[str]
) -> dict[str, Any]:
    """Begin the record. `base` is the commit under test, `order` has the names of the changes."""
    return {
        "raw_version": RAW_VERSION,
        "id": run_id(folder),
        "experiment": experiment,
        "profile": profile,
        "seed": seed,
        "base": base,
        "order": list(order),
        "image": "",
        "core_shared": False,
        "bound_per_second": None,
        "started_at": now(),
        "resumed_at": [],
        "finished_at": None,
        "status": "running",
    }


def now() -> str:
    """Return the time in UTC, to the second, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
