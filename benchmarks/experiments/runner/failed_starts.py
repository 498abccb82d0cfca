"""Targets that don't start, again and again: what lasts would use up all trials that are left."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from benchmarks.experiments.runner.errors import DeploymentError
from benchmarks.experiments.runner.trial import DEPLOYED

MOST = 3  # in a row; their blocks are made up for as others are


class FailedStarts:
    """Counts, by architecture, the trials in a row whose target didn't start."""

    def __init__(self) -> None:
        self._failed: Counter[str] = Counter()

    def add(self, document: Mapping[str, Any]) -> None:
        """Take the document of a trial that has ended.

        Raises DeploymentError where its architecture has failed to start `MOST` times in a row.
        """
        architecture = document["architecture"]
        if DEPLOYED in document:
            self._failed[architecture] = 0
            return
        self._failed[architecture] += 1
        if self._failed[architecture] >= MOST:
            message = f"{architecture} couldn't be deployed in {MOST} trials in a row"
            raise DeploymentError(f"{message}; the last one: {document['problem']}")
