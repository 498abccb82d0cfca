"""The records of suites: each is read from the results folder, or made there by one run."""

import hashlib
import shutil
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.experiments.isolation.base_copies import BaseCopies
from benchmarks.experiments.isolation.commands import Runner
from benchmarks.experiments.isolation.impact_selection import ImpactSelection
from benchmarks.experiments.isolation.records import (
    BASE,
    Key,
    Record,
    check_same_tests,
    read,
    write,
)
from benchmarks.experiments.isolation.reports import Test
from benchmarks.experiments.isolation.revisions import Revisions
from benchmarks.experiments.isolation.suite_execution import SuiteExecution, SuiteJob
from benchmarks.experiments.isolation.suites import SUITES, Suite, Tier
from benchmarks.targets.architectures import REPOSITORY

LEAST_LIMIT_SECONDS, LIMIT_TIMES = 60.0, 3


@dataclass
class SuiteRunner:
    """What all suites of a run share: the results folder, the base commit, a place to work in."""

    results: Path
    work: Path
    base: str
    runner: Runner
    repository: Path = REPOSITORY
    suites: tuple[Suite, ...] = SUITES
    selects: bool = True  # whether tests are selected by what they need, too
    revisions: Revisions = field(init=False)
    copies: BaseCopies = field(init=False)
    _execution: SuiteExecution = field(init=False)
    _locks: dict[Key, threading.Lock] = field(
        init=False, default_factory=lambda: defaultdict(threading.Lock)
    )

    def __post_init__(self) -> None:
        self.revisions = Revisions(self.repository, self.base)
        selection = ImpactSelection(self.results, self.runner)
        self.copies = BaseCopies(self.work / "base", self.revisions, selection)
        self._execution = SuiteExecution(self.revisions, self.copies, selection, self.runner)

    def suites_of(self, architecture: str) -> list[Suite]:
        """Return all suites that the architecture's teams run before anything is deployed."""
        return [suite for suite in self.suites if architecture in suite.architectures]

    def reached(self, commits: Iterable[str]) -> list[Suite]:
        """Return the suites that one of the commits can turn red."""
        known = list(commits)
        return [
            suite
            for suite in self.suites
            if any(self.revisions.is_reached(suite, commit) for commit in known)
        ]

    def record(self, fault: str, suite: Suite, commit: str, tier: Tier) -> Record:
        """Return the record that is on disk, or run the tier and write its record.

        Raises StoppedError, FolderError, MixedUpError, TargetError.
        """
        key = self._key(fault, suite, commit, tier)
        with self._locks[key]:
            found = read(self.results, key)
            if found is None:
                found = self._run(key, suite, commit)
                write(self.results, found)
        if fault != BASE and tier is not Tier.END_TO_END:
            check_same_tests(found, self._base_tests(suite, tier))
        return found

    def _key(self, fault: str, suite: Suite, commit: str, tier: Tier) -> Key:
        return Key(fault, suite.name, self.revisions.identity(suite, commit), tier)

    def base_record(self, suite: Suite, tier: Tier) -> Record | None:
        """Return the record of a tier where nothing is planted; None if that wasn't run."""
        return read(self.results, self._key(BASE, suite, self.base, tier))

    def _base_tests(self, suite: Suite, tier: Tier) -> tuple[Test, ...]:
        found = self.base_record(suite, tier)
        return found.tests if found is not None else ()

    def _run(self, key: Key, suite: Suite, commit: str) -> Record:
        tier = Tier(key.tier)
        job = SuiteJob(
            key,
            suite,
            commit,
            self._limit_seconds(key.fault, suite, tier),
            tuple(test.name for test in self._base_tests(suite, Tier.FAST)),
            selects=self.selects,
        )
        short = hashlib.sha256(key.mark.encode()).hexdigest()[:10]
        place = self.work / short  # short, for sockets lie below it
        place.mkdir(parents=True)
        try:
            return self._execution.run(job, place)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _limit_seconds(self, fault: str, suite: Suite, tier: Tier) -> float:
        """Return the suite's own limit; with a fault, a few times what the base took."""
        if fault == BASE or tier is Tier.END_TO_END:
            return suite.limit_seconds
        base_seconds = self.record(BASE, suite, self.base, tier).seconds
        return min(suite.limit_seconds, max(LEAST_LIMIT_SECONDS, LIMIT_TIMES * base_seconds))
