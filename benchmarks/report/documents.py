"""Access to the parts of a results document that every report needs."""

from collections.abc import Mapping
from typing import Any


def experiment_of(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the summary of the run's one experiment."""
    (experiment,) = results["experiments"].values()
    found: Mapping[str, Any] = experiment
    return found
