"""Results of the faults experiment: its claims, and what was kept."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Literal

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.faults_figures import FaultsSweep, FaultsTrial

DifferenceUnit = Literal["share", "s"]


class HypothesisVerdict(StrEnum):
    """The verdict of a run on a hypothesis about a difference."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    INCONCLUSIVE = "inconclusive"


class Alternative(Model):
    """The same claim, measured as a critic would have it."""

    variation: Annotated[str, about("What is measured in another way.")]
    difference: Annotated[float | None, about("The mean over blocks.")]
    low: Annotated[float | None, about("Where its interval begins.")]
    high: Annotated[float | None, about("Where it ends.")]
    verdict: Annotated[
        HypothesisVerdict,
        about(
            "supported or not supported, where the interval leaves 0 out and enough blocks count; "
            "else inconclusive."
        ),
    ]
    blocks: Annotated[Count, about("That count.")]


class DifferenceBlock(Model):
    """One block."""

    block: Annotated[Count, about("Its number.")]
    first: Annotated[float, about("Of the side that is named first.")]
    second: Annotated[float, about("Of the other.")]
    difference: Annotated[float, about("The first minus the second.")]


class DifferenceClaim(Model):
    """A hypothesis: a difference between the architectures lies above 0."""

    name: Annotated[str, about("The name in files and commands.")]
    statement: Annotated[str, about("The hypothesis in a sentence.")]
    measure: Annotated[str, about("What is measured in each trial.")]
    of: Annotated[str, about("Which side minus which.")]
    sweep: Annotated[str, about("The sweep that decides it.")]
    unit: Annotated[DifferenceUnit, about("share (of 1) or s (seconds).")]
    depends: Annotated[Sequence[str], about("What else must be so for it to hold elsewhere.")]
    confidence: Annotated[Amount, about("Of the interval.")]
    difference: Annotated[float | None, about("The mean over blocks; null where no block counts.")]
    low: Annotated[float | None, about("Where its interval begins.")]
    high: Annotated[float | None, about("Where it ends.")]
    method: Annotated[str, about("How the interval was found.")]
    blocks: Annotated[Sequence[DifferenceBlock], about("Each block that counts.")]
    verdict: Annotated[
        HypothesisVerdict,
        about(
            "supported or not supported, where the interval leaves 0 out and enough blocks count; "
            "else inconclusive."
        ),
    ]
    alternatives: Annotated[
        Sequence[Alternative], about("The same with other measures and weights.")
    ]


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
        HypothesisVerdict,
        about(
            "supported or not supported, where the interval leaves 0 out and enough blocks count; "
            "else inconclusive."
        ),
    ]


class Limits(Model):
    """What counts as served and as recovered."""

    request_seconds: Annotated[Amount, about("A request is served in time within.")]
    ready_seconds: Annotated[Amount, about("A submission is ready in time within.")]
    hold_seconds: Annotated[Amount, about("All features must work for so long.")]
    restart_seconds: Annotated[
        Amount, about("After which a process that ended by itself is started again.")
    ]


class FaultsResults(Model, tag_field="experiment", tag="faults"):
    """One component at a time fails, and what still works meanwhile."""

    title: Annotated[str, about("The experiment's title.")]
    features: Annotated[Sequence[str], about("In the order in which they are shown.")]
    limits: Annotated[Limits, about("What counts as served and as recovered.")]
    claims: Annotated[Sequence[DifferenceClaim], about("Those that the run's sweeps decide.")]
    kept: KeptClaim
    sweeps: Annotated[Sequence[FaultsSweep], about("In their order within a block.")]
    trials: Annotated[Sequence[FaultsTrial], about("In the order of running.")]
