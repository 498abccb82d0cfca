"""The verdict on one fault on one side: which tests caught it, which others failed, how soon.

Pure: from records to figures. Words:

* a test's owner is a component (accounts, submissions, recognition, edge, imaging, contracts), or
  the whole monolith: the tests of its settings, its import rules and its processes, which every
  author runs, as each service has such tests of its own. A fault's owners are the components that
  were edited
* own tests are those of the owners and of the whole; all others are of other components
* a test is unable where it should have run and didn't: its module can't be imported, its suite
  can't start
* how soon that is known depends on the order of the tests: see `waits`
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.experiments.isolation.suites import WHOLE, Tier
from benchmarks.experiments.isolation.tier_runs import TierRun
from benchmarks.experiments.isolation.waits import Wait, wait_for_verdict


class Caught(StrEnum):
    """The tests that catch a fault."""

    OWNER = "by the owner's tests"
    OTHER = "only by other people's tests"
    END_TO_END = "only end to end"
    NOTHING = "by nothing"


@dataclass(frozen=True, slots=True)
class Counts:
    """Tests by their owner."""

    own: int
    whole: int
    others: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One fault on one side. The waits are those with the owners' tests first.

    `selected` is the wait with the tests selected by impact alone. `selection_misses`: a tier is
    red, and none of the tests that were selected in it is.
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
    red = [(it.suite.owner_of(test.name), it) for it in runs for test in it.red]
    unable = [(it.suite.owner_of(test.name), it) for it in runs for test in it.unable]
    whose = {owner for owner, it in [*red, *unable] if it.tier is not Tier.END_TO_END}
    if whose & {*owners, WHOLE}:
        caught = Caught.OWNER
    elif whose:
        caught = Caught.OTHER
    else:
        caught = Caught.END_TO_END if any(it.is_red for it in runs) else Caught.NOTHING
    return Judged(
        caught,
        _counts(owners, [owner for owner, it in red if it.tier is not Tier.END_TO_END]),
        _counts(owners, [owner for owner, it in unable if it.tier is not Tier.END_TO_END]),
        tuple(sorted(whose)),
        wait_for_verdict(owners, runs),
        wait_for_verdict(owners, runs, selected=True),
        any(
            it.is_red and not it.is_broken and not any(test.is_red for test in it.selected)
            for it in runs
        ),
    )


def _counts(owners: Collection[str], found: Sequence[str]) -> Counts:
    own = sum(owner in owners for owner in found)
    whole = sum(owner == WHOLE and owner not in owners for owner in found)
    return Counts(own, whole, len(found) - own - whole)
