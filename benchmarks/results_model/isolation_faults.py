"""Results of the isolation experiment, fault by fault: whose tests failed, and how soon."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, Model, about


class TierName(StrEnum):
    """The tiers of a suite, in the order of running."""

    FAST = "fast"
    SLOW = "slow"
    END_TO_END = "end-to-end"


class CaughtBy(StrEnum):
    """The tests that catch a fault."""

    OWNER = "by the owner's tests"
    OTHER = "only by other people's tests"
    END_TO_END = "only end to end"
    NOTHING = "by nothing"


class CountsByOwner(Model):
    """Tests by whose they are."""

    own: Annotated[Count, about("Of the components that were broken.")]
    whole: Annotated[
        Count,
        about(
            "Of the whole monolith: its settings, import rules and processes, which every author "
            "runs."
        ),
    ]
    others: Annotated[Count, about("Of other components.")]


class Wait(Model):
    """What it takes until the verdict: the first red test, or the end where none is red."""

    tests: Annotated[Count, about("Run until then.")]
    seconds: Annotated[Amount, about("Until then, with what the suites take to start.")]
    all_tests: Annotated[Count, about("Of all that was run.")]
    all_seconds: Annotated[Amount, about("Of all that was run, one suite after the other.")]


class Cell(Model):
    """One owner's tests."""

    tests: Annotated[Count, about("Run, those that were unable among them.")]
    red: Annotated[Count, about("Failed, or what they stand on did.")]
    unable: Annotated[
        Count, about("Should have run and didn't: their module or suite couldn't start.")
    ]


class SuiteRun(Model):
    """One tier of a suite that was run."""

    suite: Annotated[str, about("Its name.")]
    tier: Annotated[
        TierName,
        about("The next is run only where no test of those before is red."),
    ]
    tests: Annotated[Count, about("Reported.")]
    red: Annotated[Count, about("Of these.")]
    unable: Annotated[Count, about("Not reported, though the suite has them.")]
    problem: Annotated[str, about("Why it gave no report; empty if it did.")]
    seconds: Annotated[Amount, about("From its start to its end.")]
    cpu_seconds: Annotated[
        Amount | None, about("User and system time of it and of all that it waited for.")
    ]
    first_red: Annotated[str, about("The first red test; empty if there is none.")]


class FaultSide(Model):
    """A fault on one side."""

    owners: Annotated[Sequence[str], about("The components that were broken.")]
    files: Annotated[Sequence[str], about("Edited.")]
    caught: Annotated[
        CaughtBy,
        about("Which tests caught it."),
    ]
    red: CountsByOwner
    unable: CountsByOwner
    blast: Annotated[Count, about("Other components' tests that are red or unable.")]
    wait: Wait
    selected: Annotated[
        Wait | None,
        about("The same with the tests that pytest-testmon selects; null where none were."),
    ]
    selection_misses: Annotated[bool, about("Whether a tier is red in which no selected test is.")]
    backing: Annotated[Sequence[str], about("What the suites that were run start for themselves.")]
    cells: Annotated[
        Mapping[str, Cell],
        about("Tests by their owner; an owner that isn't there wasn't reached."),
    ]
    suites: Annotated[Sequence[SuiteRun], about("In the order of running.")]


class Fault(Model):
    """A change that was planted on both sides."""

    component: Annotated[str, about("Where it lies.")]
    kind: Annotated[str, about("What goes wrong; the same on both sides.")]
    description: Annotated[str, about("What it does.")]
    simulates: Annotated[str, about("Whose mistake it stands for, and where the equal one lies.")]
    name: Annotated[str, about("Unique.")]
    sides: Annotated[Mapping[str, FaultSide], about("By architecture.")]
