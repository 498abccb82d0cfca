"""Results of the faults experiment: its claims, and what was kept."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from benchmarks.analysis.verdicts import Verdict
from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.faults_figures import FaultsSweep, FaultsTrial


class KeptSide(Model):
    """One architecture."""

    accepted: Annotated[Count, about("Submissions.")]
    lost: Annotated[Count, about("Of these.")]
    doubled: Annotated[Count, about("Rows beyond the requests that were sent.")]
    high: Annotated[
        float | None,
        about(
            "So large a share might be lost or doubled (Wilson's interval); null where nothing was "
            "accepted."
        ),
    ]


class KeptClaim(Model):
    """The claim that nothing accepted is lost or doubled."""

    statement: Annotated[str, about("The hypothesis in a sentence.")]
    measure: Annotated[str, about("What is counted.")]
    blocks: Annotated[
        Count, about("Trials of each side that were looked into: of the side with fewer.")
    ]
    confidence: Annotated[Amount, about("Of the interval.")]
    sides: Annotated[Mapping[str, KeptSide], about("By architecture.")]
    verdict: Annotated[
        Verdict,
        about("Not supported by one lost or doubled; supported by none, in enough blocks."),
    ]


class Limits(Model):
    """What counts as served and as recovered."""

    request_seconds: Annotated[Amount, about("A request is served in time within.")]
    ready_seconds: Annotated[Amount, about("A submission is ready in time within.")]
    hold_seconds: Annotated[Amount, about("All features must work for so long.")]
    noticed_seconds: Annotated[
        Amount, about("A request is as quick as before within, or within `slower_than`.")
    ]
    slower_than: Annotated[Amount, about("Times its feature's median in the calm seconds.")]
    restart_seconds: Annotated[
        Amount, about("After which a process that ended by itself is started again.")
    ]


class FaultsResults(Model, tag_field="experiment", tag="faults"):
    """One component at a time fails, and what still works meanwhile."""

    title: Annotated[str, about("The experiment's title.")]
    features: Annotated[Sequence[str], about("In the order in which they are shown.")]
    limits: Annotated[Limits, about("What counts as served and as recovered.")]
    claims: Annotated[Sequence[JudgedClaim], about("Those that the run's sweeps decide.")]
    kept: KeptClaim
    sweeps: Annotated[Sequence[FaultsSweep], about("In their order within a block.")]
    trials: Annotated[Sequence[FaultsTrial], about("In the order of running.")]
