"""Whether other work had the processor cores of a run as well."""

from collections.abc import Mapping
from typing import Any


def is_disturbed(environment: Mapping[str, Any]) -> bool:
    """Return whether in the minute before a run as many threads wanted a core as there are cores.

    Less is usual: `make` installs with one of them what is missing, right before it measures.
    """
    last_minute: float = environment["load_average_before"][0]
    cores: int = environment["cpu"]["cores"]
    return last_minute >= cores
