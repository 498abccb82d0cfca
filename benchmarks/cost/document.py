"""The document of a priced run, `cost.json`: what was put in, and what the model made of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.claims import JudgedClaim

COST_VERSION = 1


class UnreadableCost(ValueError):
    """A `cost.json` that is missing or invalid; the text is one sentence."""


class PriceEntry(Model):
    """One price."""

    name: Annotated[str, about("Of the unit, or of the machine.")]
    dollars: Annotated[Amount, about("For one; for an hour of a machine.")]
    source: Annotated[str, about("The page that it was entered from.")]


class PriceList(Model):
    """The prices that were used."""

    region: Annotated[str, about("AWS's name of the region.")]
    date: Annotated[str, about("When they were entered.")]
    note: Annotated[str, about("How far they are verified.")]
    entries: Annotated[Sequence[PriceEntry], about("All of them.")]


class AssumptionEntry(Model):
    """One assumption."""

    name: Annotated[str, about("In `cost/assumptions.py`.")]
    value: Annotated[float, about("In `unit`.")]
    kind: Annotated[str, about("Assumed, derived, documented or measured.")]
    unit: Annotated[str, about("Empty for a number or a share.")]
    reason: Annotated[str, about("Why, or what it means.")]


class MeasuredArchitecture(Model):
    """What the run measured of one architecture, means over blocks."""

    cpu_ms: Annotated[Mapping[str, Amount], about("Of one submission, by process type, ms.")]
    memory_bytes: Annotated[Mapping[str, Amount], about("Of one process under load, by type.")]
    capacity: Annotated[Amount | None, about("Submissions a second on one core, all in all.")]
    cores_at_capacity: Annotated[
        Amount | None,
        about("CPU-s of a submission times the capacity: near 1, the CPU is what is scarce."),
    ]
    function_memory_mb: Annotated[Amount, about("Memory of the function.")]
    function_seconds: Annotated[Amount, about("Billed for a warm call on x86.")]
    is_function_measured: Annotated[bool, about("Whether that is from a function's own runs.")]


class CostRow(Model):
    """The cost of a deployment at one load, dollars for a month."""

    per_day: Annotated[Amount, about("Submissions a day.")]
    total: Annotated[Amount, about("All items.")]
    low: Annotated[Amount | None, about("Where the total's 95 % interval over blocks begins.")]
    high: Annotated[Amount | None, about("Where it ends.")]
    items: Annotated[Mapping[str, Amount], about("By item.")]


class DeploymentCost(Model):
    """One deployment."""

    name: Annotated[str, about("Architecture and platform.")]
    architecture: Annotated[str, about("monolith or microservices.")]
    platform: Annotated[str, about("fargate, ec2, lambda-x86 or lambda-arm.")]
    fixed: Annotated[Amount, about("Dollars a month without any submission.")]
    per_million: Annotated[
        Amount, about("Dollars for a million submissions more, at 10 million a day.")
    ]
    rows: Annotated[Sequence[CostRow], about("By load.")]
    curve: Annotated[Sequence[Amount], about("Total at each load of `per_day`.")]


class CrossingEntry(Model):
    """Two deployments: where their order changes, and from where on they cost the same.

    Costs within 2 % of each other count as the same.
    """

    first: Annotated[str, about("A deployment.")]
    second: Annotated[str, about("The other.")]
    at: Annotated[Amount | None, about("The last change of order; null for none in the range.")]
    low: Annotated[Amount | None, about("Where its 95 % interval over blocks begins.")]
    high: Annotated[Amount | None, about("Where it ends.")]
    share: Annotated[Amount | None, about("Share of the resamples in which the order changes.")]
    changes: Annotated[Count, about("How often the order changes.")]
    equal_from: Annotated[
        Amount | None, about("From here on they cost the same, to the highest load.")
    ]
    equal_low: Annotated[Amount | None, about("Where the interval of `equal_from` begins.")]
    equal_high: Annotated[Amount | None, about("Where it ends.")]
    cheaper_below: Annotated[str | None, about("Cheaper at the lowest load; null: the same.")]
    cheaper_above: Annotated[str | None, about("Cheaper at the highest load; null: the same.")]


class BreakEven(Model):
    """The peak at which recognition costs the same in a function and in workers on Fargate."""

    architecture: Annotated[str, about("monolith or microservices.")]
    platform: Annotated[str, about("Of the function.")]
    per_day: Annotated[Amount, about("Submissions a day.")]
    peak_to_mean: Annotated[
        Amount | None, about("Above it the function is cheaper; null for none from 1 to 100.")
    ]
    low: Annotated[Amount | None, about("Where its 95 % interval over blocks begins.")]
    high: Annotated[Amount | None, about("Where it ends.")]


class Variation(Model):
    """What other assumptions give."""

    name: Annotated[str, about("Short.")]
    description: Annotated[str, about("What is assumed otherwise.")]
    changed: Annotated[Mapping[str, float], about("The assumptions with their other values.")]
    crossings: Annotated[Sequence[CrossingEntry], about("As `crossings`, with these assumptions.")]
    ratios: Annotated[
        Mapping[str, Sequence[Amount]],
        about("Ratios of totals by `first ÷ second`, at each of `ratio_loads`."),
    ]


class Transitions(Model):
    """The flow with its steps run by an orchestrator that bills each transition."""

    flow_per_million: Annotated[Amount, about("Dollars a million submissions, the monolith's.")]
    transition_per_million: Annotated[Amount, about("Dollars a million transitions.")]
    for_ninety_percent: Annotated[
        Amount, about("Transitions of a submission at which leaving them out saves 90 %.")
    ]


class CostDocument(Model):
    """The document."""

    cost_version: Annotated[int, about("Version of this form.")]
    run: Annotated[str, about("Id of the priced run.")]
    blocks: Annotated[Count, about("Blocks of it that count on both sides.")]
    environment: Annotated[Mapping[str, Any], about("Machine, versions and commit of the run.")]
    counted_at: Annotated[str, about("When the operations of one submission were counted.")]
    image: Annotated[str, about("The image that was submitted.")]
    prices: Annotated[PriceList, about("The prices.")]
    assumptions: Annotated[Sequence[AssumptionEntry], about("All of them.")]
    architectures: Annotated[Mapping[str, MeasuredArchitecture], about("By name.")]
    operations: Annotated[
        Mapping[str, Mapping[str, Amount]], about("Of one submission, by architecture.")
    ]
    per_day: Annotated[Sequence[Amount], about("The loads of the curves.")]
    deployments: Annotated[Sequence[DeploymentCost], about("In the order of the table.")]
    crossings: Annotated[Sequence[CrossingEntry], about("Of the pairs that are compared.")]
    break_evens: Annotated[Sequence[BreakEven], about("Of each function.")]
    ratio_loads: Annotated[Sequence[Amount], about("The loads of the variations' ratios.")]
    variations: Annotated[Sequence[Variation], about("The first one changes nothing.")]
    transitions: Annotated[Transitions, about("What Prime Video removed, in this flow's terms.")]
    claims: Annotated[Sequence[JudgedClaim], about("By the rules of every experiment.")]

    def deployment(self, name: str) -> DeploymentCost:
        """Return a deployment by its name."""
        (found,) = (it for it in self.deployments if it.name == name)
        return found


def read_cost(path: Path) -> CostDocument:
    """Read a `cost.json`. Raises UnreadableCost for one that is missing or invalid."""
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise UnreadableCost(f"{path} can't be read: {error.strerror}.") from error
    except UnreadableCost as error:
        raise UnreadableCost(f"{path}: {error}") from error


def decode(text: bytes) -> CostDocument:
    """Return the document that a JSON text holds. Raises UnreadableCost."""
    try:
        found = msgspec.json.decode(text, type=CostDocument)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableCost(f"no document of a priced run: {error}.") from error
    if found.cost_version != COST_VERSION:
        raise UnreadableCost(
            f"of version {found.cost_version}; this code reads {COST_VERSION}. "
            "Price the run again: make cost RESULTS=…"
        )
    return found
