"""Results of the isolation experiment: its claims, the suites, and the faults."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.isolation_faults import Fault


class TierTimes(Model):
    """A suite's tests, of one tier or all, with nothing planted."""

    tests: Annotated[Count, about("How many.")]
    red: Annotated[Count, about("Of these; must be none.")]
    problem: Annotated[str, about("Why it gave no report; empty if it did.")]
    seconds: Annotated[
        Amount, about("From its start to its end; a tier with other suites beside it.")
    ]
    cpu_seconds: Annotated[
        Amount | None, about("User and system time of it and of all that it waited for.")
    ]
    network_cut: Annotated[bool, about("Whether it ran in a network of its own without a way out.")]


class Suite(Model):
    """A suite, run in a folder of its own."""

    name: Annotated[str, about("Unique.")]
    folder: Annotated[str, about("Where it is run.")]
    architectures: Annotated[Sequence[str], about("The architectures whose authors run it.")]
    backing: Annotated[Sequence[str], about("What it starts for itself.")]
    packages: Annotated[Count | None, about("Installed in its environment.")]
    limit_seconds: Annotated[Amount, about("What all of it may take alone.")]
    tiers: Annotated[Mapping[str, TierTimes], about("By tier.")]
    alone: Annotated[
        TierTimes | None,
        about(
            "All of it by itself, on all cores where it can be shared out; null where that wasn't "
            "run."
        ),
    ]


class FaultPairs(Model):
    """Two authors break two components at once; computed from the single faults by union."""

    views: Annotated[
        Count, about("Pairs of faults in different components, seen from both authors.")
    ]
    see_other: Annotated[
        Amount,
        about("Share of views in which a test that one author runs is red because of the other."),
    ]
    see_other_in_own: Annotated[
        Amount,
        about(
            "Share of views where that is in tests of the author's own component, or of the whole."
        ),
    ]
    tests_of_other: Annotated[Amount, about("Such tests, mean over all views.")]


class IsolationResults(Model, tag_field="experiment", tag="isolation"):
    """Faults planted in one component at a time, and whose tests fail."""

    title: Annotated[str, about("The title in the report.")]
    claims: Annotated[Sequence[JudgedClaim], about("Over faults; a block is a fault.")]
    caught: Annotated[
        Mapping[str, Mapping[str, Count]],
        about("Faults by how they were caught, by architecture."),
    ]
    suites: Annotated[Sequence[Suite], about("With nothing planted.")]
    faults: Annotated[Sequence[Fault], about("Those that were run to their end on both sides.")]
    nulls: Annotated[Sequence[Fault], about("Changes of a comment: nothing may go red.")]
    teams: Annotated[
        Mapping[str, FaultPairs | None],
        about("By architecture; null with fewer than two components."),
    ]
