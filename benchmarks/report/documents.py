"""What a results document is of."""

from collections.abc import Mapping
from typing import Any


def experiment_of(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one experiment of a run."""
    (experiment,) = results["experiments"].values()
    found: Mapping[str, Any] = experiment
    return found
