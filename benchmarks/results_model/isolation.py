"""Results of the isolation experiment: its claims, the suites, and the faults."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from benchmarks.analysis.ratios import Verdict
from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.claims import RatioClaim
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


class ShareClaim(Model):
    """A claim about the share of faults of which something is so."""

    name: Annotated[str, about("Short and unique within the run.")]
    statement: Annotated[str, about("The claim.")]
    measure: Annotated[str, about("What is counted.")]
    of: Annotated[str, about("Which difference it is.")]
    faults: Annotated[Count, about("Pairs that count.")]
    counts: Annotated[Mapping[str, Count], about("Faults of which it is so, by architecture.")]
    difference: Annotated[float | None, about("Of the shares, -1 to 1.")]
    low: Annotated[float | None, about("Where its interval begins.")]
    high: Annotated[float | None, about("Where it ends.")]
    confidence: Annotated[Amount, about("Of the interval, a share of 1.")]
    method: Annotated[str, about("How the interval was made.")]
    verdict: Annotated[
        Verdict,
        about("The claim holds where the whole interval is above 0."),
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
    claims: Annotated[Sequence[RatioClaim], about("Ratios over faults; a block is a fault.")]
    shares: Annotated[Sequence[ShareClaim], about("Claims about shares of faults.")]
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
