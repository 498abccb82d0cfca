"""Run one suite's tier on one commit: copy what it holds, run it alone, read its report."""

import contextlib
import hashlib
import json
import shutil
import sqlite3
import threading
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.experiments.isolation import impact
from benchmarks.experiments.isolation.commands import Ended, Runner
from benchmarks.experiments.isolation.copies import (
    copy_with_changes,
    identity,
    lay_out,
    lay_out_wheel_source,
)
from benchmarks.experiments.isolation.end_to_end import end_to_end_command
from benchmarks.experiments.isolation.records import (
    BASE,
    Key,
    Record,
    check_same_tests,
    read,
    write,
)
from benchmarks.experiments.isolation.reports import Test, named, read_report
from benchmarks.experiments.isolation.suites import SUITES, WHEEL, Suite, Tier
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import TargetError
from benchmarks.targets.git import git
from benchmarks.targets.local.settings import environments_folder
from benchmarks.targets.releases.artifacts import make_environment

NO_TESTS = 5  # pytest's status
IMPACT_SECONDS = 60.0
LEAST_LIMIT_SECONDS, LIMIT_TIMES = 60.0, 3
IMPACT = Path(impact.__file__)


@dataclass
class SuiteRunner:
    """What all suites of a run share: the results folder, the base commit, a place to work in."""

    results: Path
    work: Path
    base: str
    runner: Runner
    repository: Path = REPOSITORY
    suites: tuple[Suite, ...] = SUITES
    _locks: dict[object, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )

    def key(self, fault: str, suite: Suite, commit: str, tier: Tier) -> Key:
        """Return the key of a suite's tier."""
        return Key(fault, suite.name, self.identity(suite, commit), tier)

    def suites_of(self, architecture: str) -> list[Suite]:
        """Return all suites that the architecture's teams run before anything is deployed."""
        return [suite for suite in self.suites if architecture in suite.architectures]

    def identity(self, suite: Suite, commit: str) -> str:
        """Return what identifies all that can reach the suite at the commit."""
        return identity(suite, commit, repository=self.repository)

    def is_reached(self, suite: Suite, commit: str) -> bool:
        """Whether a commit changes anything that the suite holds or sees."""
        return self.identity(suite, commit) != self.identity(suite, self.base)

    def gets_wheel(self, suite: Suite, commit: str) -> bool:
        """Whether a commit reaches the suite by nothing but another wheel of imaging."""
        held = replace(suite, sees=())
        return self._wheel_changed(commit) and not self.is_reached(held, commit)

    def record(self, fault: str, suite: Suite, commit: str, tier: Tier) -> Record:
        """Read what is on disk, or run it. Raises StoppedError, FolderError, ReleaseError."""
        key = self.key(fault, suite, commit, tier)
        with self._locks[key]:
            found = read(self.results, key)
            if found is None:
                found = self._run(key, suite, commit, tier)
                write(self.results, found)
        if fault != BASE and tier is not Tier.END_TO_END:
            check_same_tests(found, self.base_tests(suite, tier))
        return found

    def _limit_seconds(self, fault: str, suite: Suite, tier: Tier) -> float:
        """Return the suite's own limit; with a fault, a few times what it took without."""
        if fault == BASE or tier is Tier.END_TO_END:
            return suite.limit_seconds
        as_it_is = self.record(BASE, suite, self.base, tier).seconds
        return min(suite.limit_seconds, max(LEAST_LIMIT_SECONDS, LIMIT_TIMES * as_it_is))

    def base_tests(self, suite: Suite, tier: Tier) -> tuple[Test, ...]:
        """Return the tests of a tier where nothing is planted; none if that wasn't run."""
        found = read(self.results, self.key(BASE, suite, self.base, tier))
        return found.tests if found is not None else ()

    def _run(self, key: Key, suite: Suite, commit: str, tier: Tier) -> Record:
        short = hashlib.sha256(key.mark.encode()).hexdigest()[:10]
        place = self.work / short  # short, for sockets lie below it
        place.mkdir(parents=True)
        try:
            return self._run_in(place, key, suite, commit, tier)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _run_in(self, place: Path, key: Key, suite: Suite, commit: str, tier: Tier) -> Record:
        report = place / "report.xml"
        # Where half a suite is red, full tracebacks take three times as long as the tests.
        options = ["-q", "--tb=line", "--junitxml", str(report), "--junit-prefix", key.mark]
        # Where nothing is planted, the library that selects by impact watches; it needs the cache.
        learns = key.fault == BASE and tier is Tier.FAST and suite.selects
        options += ["--testmon"] if learns else ["-p", "no:cacheprovider"]
        if tier is Tier.END_TO_END:
            folder = lay_out(suite, commit, place / "tree", repository=self.repository)
            command, settings = end_to_end_command(
                suite.architectures[0], self.base, commit, place, options
            )
            folder = place / "tree"
            selected = None
        else:
            try:
                python = self._python(suite, commit, place)
            except TargetError as error:
                return Record(key, str(error), 0.0, 0.0, False, (), ())
            tree = self.laid_out(suite) if learns else place / "tree"
            folder = tree / suite.folder
            if not learns:
                copy_with_changes(
                    suite,
                    self.laid_out(suite),
                    tree,
                    base=self.base,
                    commit=commit,
                    repository=self.repository,
                )
            command, settings = self.command(suite, tier, python, options)
            settings |= self.wheel_settings(
                suite, commit, tree if _holds_wheel(suite) else place / "wheel", python
            )
            selected = None
            if tier is Tier.FAST and key.fault != BASE and (folder / impact.DATA).exists():
                impact_command = [str(python), "-I", str(IMPACT)]
                selected = (
                    self._all_of(suite)
                    if suite.sees and self._wheel_changed(commit)
                    else self._selected(impact_command, folder, place / "i", settings)
                )
        limit_seconds = self._limit_seconds(key.fault, suite, tier)
        ended = self.runner.run(
            command,
            folder=folder,
            scratch=place / "t",
            environment=settings,
            limit_seconds=limit_seconds,
        )
        if learns:
            self._keep_learned(suite, folder / impact.DATA, is_green=ended.status == 0)
        # What a suite that was killed wrote on its way out is no report.
        tests = None if ended.status is None else read_report(report, key.mark)
        return _recorded(key, ended, tests, limit_seconds, selected)

    @staticmethod
    def command(
        suite: Suite, tier: Tier, python: Path, options: list[str]
    ) -> tuple[list[str], dict[str, str]]:
        """Return the command for a suite's tier, and its environment variables."""
        expression = [] if not suite.has_slow else ["-m", tier if tier is Tier.SLOW else "not slow"]
        words = [str(python), "-m", "pytest", *options, *expression, *suite.tests]
        return words, {"PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin"}

    def laid_out(self, suite: Suite) -> Path:
        """Return the base's copy of what a suite holds, from which the others are copied."""
        place = self.work / "base" / suite.name
        with self._locks[place]:
            if not place.exists():
                folder = lay_out(suite, self.base, place, repository=self.repository)
                if self._learned(suite).exists():
                    shutil.copy2(self._learned(suite), folder / impact.DATA)
        return place

    def _learned(self, suite: Suite) -> Path:
        """Return the path of what the library saw of a suite."""
        return self.results / "raw" / BASE / f"{suite.name}{impact.DATA}"

    def _keep_learned(self, suite: Suite, data: Path, *, is_green: bool) -> None:
        """Keep what the library saw; of a suite that isn't green nothing, so none is selected."""
        if not is_green:
            data.unlink(missing_ok=True)
            return
        with contextlib.closing(sqlite3.connect(data)) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it in the one file
        kept = self._learned(suite)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(data, kept)

    def _python(self, suite: Suite, commit: str, place: Path) -> Path:
        """Return the suite's interpreter; build an environment where the change is in its lock."""
        lock = f"{commit}:{suite.lock}"
        if self._has(commit, suite.lock) and git(
            "rev-parse", lock, repository=self.repository
        ) != git("rev-parse", f"{self.base}:{suite.lock}", repository=self.repository):
            written = place / "requirements.txt"
            written.write_text(git("show", lock, repository=self.repository))
            wheels = list((self.repository / ".build" / "wheels").glob("flow_imaging-*.whl"))
            wheel = wheels[0] if wheels and WHEEL[0] in suite.paths else None
            make_environment(suite.name, written, wheel, place / "environment")
            return place / "environment" / "bin" / "python"
        return environments_folder() / suite.environment / "bin" / "python"

    def _has(self, commit: str, file: str) -> bool:
        return bool(git("ls-tree", commit, "--", file, repository=self.repository))

    def wheel_settings(
        self, suite: Suite, commit: str, place: Path, python: Path
    ) -> dict[str, str]:
        """Put the commit's imaging before the installed wheel, where they differ.

        Imaging's own suite always tests the source that lies beside it.
        """
        if not _holds_wheel(suite) and not (suite.sees and self._wheel_changed(commit)):
            return {}
        source = lay_out_wheel_source(commit, place, python.parents[1], repository=self.repository)
        return {"PYTHONPATH": str(source)}

    def _wheel_changed(self, commit: str) -> bool:
        before, after = (
            git("ls-tree", it, "--", *WHEEL, repository=self.repository)
            for it in (self.base, commit)
        )
        return before != after

    def _all_of(self, suite: Suite) -> tuple[str, ...]:
        """Return every test: a package has another version."""
        return tuple(test.name for test in self.base_tests(suite, Tier.FAST))

    def _selected(
        self, impact_command: list[str], folder: Path, scratch: Path, settings: dict[str, str]
    ) -> tuple[str, ...] | None:
        ended = self.runner.run(
            impact_command,
            folder=folder,
            scratch=scratch,
            environment=settings,
            limit_seconds=IMPACT_SECONDS,
        )
        if ended.status != 0 or not ended.said:
            return None
        return tuple(sorted(named(node) for node in json.loads(ended.said[-1])))


def _holds_wheel(suite: Suite) -> bool:
    return "shared/imaging" in suite.holds


def _recorded(
    key: Key,
    ended: Ended,
    tests: list[Test] | None,
    limit_seconds: float,
    selected: tuple[str, ...] | None,
) -> Record:
    problem = ""
    if ended.status is None:
        problem = f"not over within {limit_seconds:.0f} s, and killed"
    elif tests is None or (not tests and ended.status not in {0, NO_TESTS}):
        problem = f"ended with status {ended.status} before any test"
    said = ended.said if problem or ended.status not in {0, NO_TESTS} else ()
    return Record(
        key,
        problem,
        ended.seconds,
        ended.cpu_seconds,
        ended.network_cut,
        said,
        tuple(tests or ()),
        selected,
    )
