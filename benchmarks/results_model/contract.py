"""Results of the contract experiment: the changes, and the verdict of each gate."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from benchmarks.results_model.base import Amount, Architecture, Count, GateName, Model, about
from benchmarks.results_model.claims import JudgedClaim


class GateVerdict(Model):
    """The verdict of one gate on a change, on one side."""

    gate: Annotated[Literal["types", "suite", "structure", "pacts"], about("Its name.")]
    stops: Annotated[bool, about("Whether it stops the change.")]
    seconds: Annotated[
        Amount,
        about(
            "Until its verdict, which was not known from before. Environments are ready, and the "
            "type checker begins with what it kept of the commit below."
        ),
    ]
    output: Annotated[Sequence[str], about("The end of what it printed, or the reasons.")]


class ChangeSide(Model):
    """A change on one side."""

    unit: Annotated[str, about("The unit that is released with it.")]
    gates: Annotated[Sequence[GateVerdict], about("Every gate that was run on it, each by itself.")]


class Change(Model):
    """One change that was offered to both sides."""

    name: Annotated[str, about("Its name.")]
    description: Annotated[str, about("What it changes.")]
    kind: Annotated[
        Literal["breaking", "compatible"],
        about("Whether a consumer that runs now requests, or reads, what is gone."),
    ]
    seen_by: Annotated[str, about("Whose consumer would meet it.")]
    sides: Annotated[Mapping[Architecture, ChangeSide], about("By architecture.")]


class ChangeCounts(Model):
    """Changes of one kind on one side."""

    offered: Annotated[Count, about("All that were checked.")]
    stopped: Annotated[Count, about("By any gate.")]
    by_contract: Annotated[Count, about("By pacts or descriptions, whatever types and tests find.")]
    by_gate: Annotated[Mapping[GateName, Count], about("How many each gate stops by itself.")]


class CountsByKind(Model):
    """Counts of one side by kind."""

    compatible: ChangeCounts
    breaking: ChangeCounts


class ContractResults(Model, tag_field="experiment", tag="contract"):
    """The contract experiment: changes offered to both sides, and the verdict of every gate."""

    title: Annotated[str, about("The experiment's title.")]
    claims: Annotated[Sequence[JudgedClaim], about("Over changes; a block is a change.")]
    gates: Annotated[
        Mapping[Architecture, Sequence[str]],
        about(
            "The gates that were run on each architecture's changes, in the order in which they "
            "are shown. One that was run on one side alone decides no claim."
        ),
    ]
    counts: Annotated[
        Mapping[Architecture, CountsByKind],
        about("How many were offered and stopped, by architecture."),
    ]
    changes: Annotated[Sequence[Change], about("Every change that was checked on both sides.")]
