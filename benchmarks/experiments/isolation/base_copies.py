"""Copies of suites at the base commit, each made once, from which other copies are made."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.experiments.isolation.copies import copy_with_changes, lay_out
from benchmarks.experiments.isolation.impact_selection import ImpactSelection
from benchmarks.experiments.isolation.revisions import Revisions
from benchmarks.experiments.isolation.suites import Suite


@dataclass(frozen=True, slots=True)
class BaseCopies:
    """One copy per suite below a folder; threads may share it."""

    folder: Path
    revisions: Revisions
    selection: ImpactSelection
    _locks: defaultdict[str, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )

    def base_copy(self, suite: Suite) -> Path:
        """Return the copy of what a suite holds at the base; make it the first time."""
        place = self.folder / suite.name
        with self._locks[suite.name]:
            if not place.exists():
                folder = lay_out(
                    suite, self.revisions.base, place, repository=self.revisions.repository
                )
                self.selection.restore(suite, folder)
        return place

    def copy(self, suite: Suite, commit: str, folder: Path) -> None:
        """Write what a suite holds at a commit into a new folder."""
        copy_with_changes(
            suite,
            self.base_copy(suite),
            folder,
            base=self.revisions.base,
            commit=commit,
            repository=self.revisions.repository,
        )
