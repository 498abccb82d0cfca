"""The execution of one suite's tier on one commit: copy what it holds, run it, read its report."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.experiments.isolation.base_copies import BaseCopies
from benchmarks.experiments.isolation.commands import Ended, Runner
from benchmarks.experiments.isolation.copies import lay_out
from benchmarks.experiments.isolation.end_to_end import end_to_end_command
from benchmarks.experiments.isolation.impact_selection import ImpactSelection
from benchmarks.experiments.isolation.records import BASE, Key, Record
from benchmarks.experiments.isolation.reports import Test, read_report
from benchmarks.experiments.isolation.revisions import Revisions
from benchmarks.experiments.isolation.suite_environment import (
    holds_wheel_source,
    suite_python,
    suite_settings,
)
from benchmarks.experiments.isolation.suites import Suite, Tier
from benchmarks.targets.errors import TargetError

NO_TESTS = 5  # pytest's status


@dataclass(frozen=True, slots=True)
class SuiteJob:
    """One tier of a suite on a commit. `base_tests` are the names of its tests at the base.

    `selects` is whether the run records what tests need, and selects tests by it.
    """

    key: Key
    suite: Suite
    commit: str
    limit_seconds: float
    base_tests: tuple[str, ...]
    selects: bool = True

    @property
    def tier(self) -> Tier:
        """The tier."""
        return Tier(self.key.tier)

    @property
    def records_impact(self) -> bool:
        """Whether pytest-testmon records what each test runs: at the base, in the fast tier."""
        return (
            self.selects
            and self.key.fault == BASE
            and self.tier is Tier.FAST
            and self.suite.selects
        )

    def pytest_options(self, report: Path) -> list[str]:
        """Return the options of pytest with which it writes the report."""
        # Where half a suite is red, full tracebacks take three times as long as the tests.
        options = ["-q", "--tb=line", "--junitxml", str(report), "--junit-prefix", self.key.mark]
        # pytest-testmon needs the cache.
        return [*options, *(["--testmon"] if self.records_impact else ["-p", "no:cacheprovider"])]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A command that can be run. `selected` are the tests that the selection by impact chose."""

    command: list[str]
    folder: Path
    environment: dict[str, str]
    selected: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SuiteExecution:
    """Runs suites, each in a folder of its own."""

    revisions: Revisions
    copies: BaseCopies
    selection: ImpactSelection
    runner: Runner

    def run(self, job: SuiteJob, place: Path) -> Record:
        """Run it with its files below `place`. Raises StoppedError, MixedUpError, TargetError.

        An environment that can't be built is a problem of the record.
        """
        report = place / "report.xml"
        if job.tier is Tier.END_TO_END:
            prepared = self._prepare_end_to_end(job, place, job.pytest_options(report))
        else:
            try:
                python = suite_python(job.suite, job.commit, place, self.revisions)
            except TargetError as error:
                return Record(job.key, str(error), 0.0, 0.0, False, (), ())
            prepared = self._prepare(job, place, python, job.pytest_options(report))
        ended = self.runner.run(
            prepared.command,
            folder=prepared.folder,
            scratch=place / "t",
            environment=prepared.environment,
            limit_seconds=job.limit_seconds,
        )
        if job.records_impact:
            self.selection.keep(job.suite, prepared.folder, is_green=ended.status == 0)
        # What a suite that was killed wrote on its way out is no report.
        tests = None if ended.status is None else read_report(report, job.key.mark)
        return _record(job, ended, tests, prepared.selected)

    def _prepare_end_to_end(self, job: SuiteJob, place: Path, options: list[str]) -> _Prepared:
        tree = place / "tree"
        lay_out(job.suite, job.commit, tree, repository=self.revisions.repository)
        architecture = job.suite.architectures[0]
        command, settings = end_to_end_command(
            architecture, self.revisions.base, job.commit, place, options
        )
        return _Prepared(command, tree, settings)

    def _prepare(self, job: SuiteJob, place: Path, python: Path, options: list[str]) -> _Prepared:
        suite = job.suite
        if job.records_impact:
            tree = self.copies.base_copy(suite)
        else:
            tree = place / "tree"
            self.copies.copy(suite, job.commit, tree)
        folder = tree / suite.folder
        source = tree if holds_wheel_source(suite) else place / "wheel"
        settings = suite_settings(suite, job.commit, source, python, self.revisions)
        selected = None
        if job.tier is Tier.FAST and job.key.fault != BASE and self.selection.is_possible(folder):
            # Another version of a package reaches every test.
            if suite.sees and self.revisions.is_wheel_changed(job.commit):
                selected = job.base_tests
            else:
                selected = self.selection.select(python, folder, place / "i", settings)
        return _Prepared(_pytest(job, python, options), folder, settings, selected)


def _pytest(job: SuiteJob, python: Path, options: list[str]) -> list[str]:
    tier = job.tier if job.tier is Tier.SLOW else "not slow"
    expression = ["-m", tier] if job.suite.has_slow else []
    return [str(python), "-m", "pytest", *options, *expression, *job.suite.tests]


def _record(
    job: SuiteJob, ended: Ended, tests: list[Test] | None, selected: tuple[str, ...] | None
) -> Record:
    problem = ""
    if ended.status is None:
        problem = f"not over within {job.limit_seconds:.0f} s, and killed"
    elif tests is None or (not tests and ended.status not in {0, NO_TESTS}):
        problem = f"ended with status {ended.status} before any test"
    return Record(
        job.key,
        problem,
        ended.seconds,
        ended.cpu_seconds,
        ended.network_cut,
        ended.output if problem or ended.status not in {0, NO_TESTS} else (),
        tuple(tests or ()),
        selected,
    )
