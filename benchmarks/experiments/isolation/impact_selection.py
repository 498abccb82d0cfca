"""The selection of tests by impact: what pytest-testmon recorded of each suite, and its use."""

import contextlib
import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from benchmarks.experiments.isolation import impact
from benchmarks.experiments.isolation.commands import Runner
from benchmarks.experiments.isolation.records import BASE
from benchmarks.experiments.isolation.reports import named
from benchmarks.experiments.isolation.suites import Suite

LIMIT_SECONDS = 60.0
_PROGRAM = Path(impact.__file__)


@dataclass(frozen=True, slots=True)
class ImpactSelection:
    """Keeps what pytest-testmon recorded of a suite at the base commit, in the results folder."""

    results: Path
    runner: Runner

    def _recorded(self, suite: Suite) -> Path:
        return self.results / "raw" / BASE / f"{suite.name}{impact.DATA}"

    def restore(self, suite: Suite, folder: Path) -> None:
        """Copy what was recorded of a suite into the folder that it is run in, if there is any."""
        if self._recorded(suite).exists():
            shutil.copy2(self._recorded(suite), folder / impact.DATA)

    def keep(self, suite: Suite, folder: Path, *, is_green: bool) -> None:
        """Keep what was recorded in a folder, unless the suite is red: then nothing is selected."""
        data = folder / impact.DATA
        if not is_green:
            data.unlink(missing_ok=True)
            return
        with contextlib.closing(sqlite3.connect(data)) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it in the one file
        kept = self._recorded(suite)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(data, kept)

    @staticmethod
    def is_possible(folder: Path) -> bool:
        """Return whether the folder of a suite has records to select by."""
        return (folder / impact.DATA).exists()

    def select(
        self, python: Path, folder: Path, scratch: Path, settings: dict[str, str]
    ) -> tuple[str, ...] | None:
        """Return the names of the tests that the changes in a folder touch; None if that failed.

        Raises StoppedError.
        """
        ended = self.runner.run(
            [str(python), "-I", str(_PROGRAM)],
            folder=folder,
            scratch=scratch,
            environment=settings,
            limit_seconds=LIMIT_SECONDS,
        )
        if ended.status != 0 or not ended.output:
            return None
        return tuple(sorted(named(node) for node in json.loads(ended.output[-1])))
