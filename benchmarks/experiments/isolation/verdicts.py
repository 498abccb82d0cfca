"""The verdict on one fault on one side: which tests caught it, which others failed, how soon.

Pure: from records to figures. Words:

* a test's owner is a component (accounts, submissions, recognition, edge, imaging, contracts), or
  the whole monolith: the tests of its settings, its import rules and its processes, which every
  author runs, as each service has such tests of its own. A fault's owners are the components that
  were edited
* own tests are those of the owners and of the whole; all others are of other components
* a test is unable where it should have run and didn't: its module can't be imported, its suite
  can't start
* the verdict is there at the first test that is red; the owners' suite is run first. Where
  nothing is red, all that was run had to be waited for
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.experiments.isolation.records import Record
from benchmarks.experiments.isolation.reports import Test
from benchmarks.experiments.isolation.suites import WHOLE, Suite, Tier


class Caught(StrEnum):
    """The tests that catch a fault."""

    OWNER = "by the owner's tests"
    OTHER = "only by other people's tests"
    END_TO_END = "only end to end"
    NOTHING = "by nothing"


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


@dataclass(frozen=True, slots=True)
class Counts:
    """Tests by their owner."""

    own: int
    whole: int
    others: int


@dataclass(frozen=True, slots=True)
class Wait:
    """What it takes until the verdict, and until all that was run is over."""

    tests: int
    seconds: float
    all_tests: int
    all_seconds: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One fault on one side. `selected` is the same with the tests selected by impact alone.

    `selection_misses`: a tier is red, and none of the tests that were selected in it is.
    """

    caught: Caught
    red: Counts
    unable: Counts
    red_owners: tuple[str, ...]
    wait: Wait
    selected: Wait
    selection_misses: bool

    @property
    def blast(self) -> int:
        """Tests of other components that are red or unable."""
        return self.red.others + self.unable.others


def judge(owners: Collection[str], runs: Sequence[TierRun]) -> Judged:
    """Judge a fault on one side. `runs` come in the order in which they were run."""
    ordered = sorted(runs, key=lambda run: list(Tier).index(run.tier))  # stable within a tier
    red = [(it.suite.owner_of(test.name), it) for it in ordered for test in it.red]
    unable = [(it.suite.owner_of(test.name), it) for it in ordered for test in it.unable]
    whose = {owner for owner, it in [*red, *unable] if it.tier is not Tier.END_TO_END}
    if whose & {*owners, WHOLE}:
        caught = Caught.OWNER
    elif whose:
        caught = Caught.OTHER
    else:
        caught = Caught.END_TO_END if any(it.is_red for it in ordered) else Caught.NOTHING
    chosen = [_selected(it) for it in ordered]
    return Judged(
        caught,
        _counts(owners, [owner for owner, it in red if it.tier is not Tier.END_TO_END]),
        _counts(owners, [owner for owner, it in unable if it.tier is not Tier.END_TO_END]),
        tuple(sorted(whose)),
        _wait([(it, it.record.tests) for it in ordered]),
        _wait(list(zip(ordered, chosen, strict=True))),
        any(
            it.is_red and not it.is_broken and not any(test.is_red for test in tests)
            for it, tests in zip(ordered, chosen, strict=True)
        ),
    )


def _counts(owners: Collection[str], found: Sequence[str]) -> Counts:
    own = sum(owner in owners for owner in found)
    whole = sum(owner == WHOLE and owner not in owners for owner in found)
    return Counts(own, whole, len(found) - own - whole)


def _selected(run: TierRun) -> tuple[Test, ...]:
    """The tests that would have run; all where a selection can't be made."""
    chosen = run.record.selected
    if chosen is None or run.tier is not Tier.FAST or run.is_broken:
        return run.record.tests
    known = set(chosen)
    return tuple(test for test in run.record.tests if test.name in known)


def _wait(runs: Sequence[tuple[TierRun, Sequence[Test]]]) -> Wait:
    tests, seconds, is_known = 0, 0.0, False
    for run, ran in runs:
        if is_known:
            break
        for number, spent in _until_red(run, ran):
            tests, seconds, is_known = tests + number, seconds + spent, True
            break
        else:
            tests, seconds = tests + len(ran), seconds + _whole(run, ran)
    return Wait(
        tests,
        round(seconds, 3),
        sum(len(ran) for _, ran in runs),
        round(sum(_whole(run, ran) for run, ran in runs), 3),
    )


def _whole(run: TierRun, ran: Sequence[Test]) -> float:
    return run.start_seconds + sum(test.seconds for test in ran)


def _until_red(run: TierRun, ran: Sequence[Test]) -> Iterator[tuple[int, float]]:
    """Yield the tests and seconds until the first is red, once; nothing where none is."""
    if run.is_broken:
        yield len(ran), _whole(run, ran)  # pytest reports that before it runs any
        return
    seconds = run.start_seconds
    for number, test in enumerate(ran, 1):
        seconds += test.seconds
        if test.is_red:
            yield number, seconds
            return


def _is_module(test: Test) -> bool:
    return test.name.endswith("::")
