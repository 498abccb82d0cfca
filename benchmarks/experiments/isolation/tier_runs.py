"""One tier of a suite that was run on a fault: its tests, and those that should have run."""

from dataclasses import dataclass, replace
from statistics import median

from benchmarks.experiments.isolation.records import Record
from benchmarks.experiments.isolation.reports import Test
from benchmarks.experiments.isolation.suites import Suite, Tier


@dataclass(frozen=True, slots=True)
class TierRun:
    """One tier of a suite that was run, and the tests that it has where nothing is planted."""

    suite: Suite
    tier: Tier
    record: Record
    base: tuple[Test, ...]

    @property
    def red(self) -> list[Test]:
        """The tests that ran and are red; not the modules that couldn't be collected."""
        return [test for test in self.record.tests if test.is_red and not _is_module(test)]

    @property
    def unable(self) -> list[Test]:
        """The tests that should have run and didn't."""
        ran = {test.name for test in self.record.tests}
        return [test for test in self.base if test.name not in ran] if self.is_broken else []

    @property
    def is_broken(self) -> bool:
        """Whether tests may be missing: it gave no report, or a module wasn't collected."""
        return bool(self.record.problem) or any(
            test.is_red and _is_module(test) for test in self.record.tests
        )

    @property
    def is_red(self) -> bool:
        """Whether its team would see a failure."""
        return self.is_broken or bool(self.red)

    @property
    def start_seconds(self) -> float:
        """What it took beside its tests: to start, to collect, to end."""
        return max(0.0, self.record.seconds - sum(test.seconds for test in self.record.tests))

    def with_services_started(self) -> "TierRun":
        """Return the run with the backing services started beforehand, as an estimate.

        What the first test took beyond the median of the suite's tests counts as the suite's start:
        the services that all tests need are started with it.
        """
        if self.is_broken or not self.record.tests:
            return self
        first, *others = self.record.tests
        usual = median(test.seconds for test in self.record.tests)
        started = replace(first, seconds=min(first.seconds, usual))
        return replace(self, record=replace(self.record, tests=(started, *others)))

    @property
    def selected(self) -> tuple[Test, ...]:
        """The tests that the selection by impact would run; all where none can be made."""
        chosen = self.record.selected
        if chosen is None or self.tier is not Tier.FAST or self.is_broken:
            return self.record.tests
        known = set(chosen)
        return tuple(test for test in self.record.tests if test.name in known)


def _is_module(test: Test) -> bool:
    return test.name.endswith("::")
