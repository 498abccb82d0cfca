"""Traces and metrics of the units' processes: the packages for them, beside those of each unit."""

import os
from collections.abc import Mapping
from pathlib import Path

from backing import PlatformError
from benchmarks.targets.architectures import Unit

SETTING = "OBSERVE"
METRICS_PORT = "METRICS_PORT"  # of each process, of its own


def is_observed(settings: Mapping[str, str]) -> bool:
    """Return whether the settings turn traces and metrics on."""
    return settings.get(SETTING) == "1"


def beside(unit: Unit, environments: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variable with which an observed unit finds the packages; none for another.

    PlatformError if they are missing.
    """
    if not is_observed(settings):
        return {}
    folder = environments / f"{unit.name}-observe"
    found = sorted(folder.glob("lib/python*/site-packages/opentelemetry"))
    if not found:
        message = f"The environment {folder} is missing: run `make .venvs/{folder.name}` first."
        raise PlatformError(message)
    paths = [settings.get("PYTHONPATH"), str(found[0].parent)]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
