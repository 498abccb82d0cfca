"""A run with all that its cost is made of."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.deployment import Deployment
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.model import total
from benchmarks.cost.operations import OperationCounts
from benchmarks.cost.prices import Prices
from benchmarks.cost.sizing import Values
from benchmarks.pricing.blocks import Block, usage


@dataclass(frozen=True, slots=True)
class Priced:
    """A run's blocks, the counted operations, prices and assumptions.

    `function_ms` is the place for what a function's own runs measure: the milliseconds of a warm
    call on one vCPU with the store beside it, by architecture (`--function-ms`). An architecture
    without it has the worker's CPU time instead.
    """

    run: str
    environment: Mapping[str, object]
    blocks: Sequence[Block]
    counts: OperationCounts
    prices: Prices
    assumptions: Assumptions = field(default_factory=Assumptions)
    function_ms: Mapping[str, float] = field(default_factory=dict)

    def assuming(self, **changed: float) -> "Priced":
        """Return the same with other values of some assumptions."""
        assumptions = dataclasses.replace(self.assumptions, **changed)
        return dataclasses.replace(self, assumptions=assumptions)

    def interpolated(self) -> "Priced":
        """Return the same with sizes interpolated between the steps of tasks and classes."""
        return self.assuming(whole=0.0)

    def inputs(self, architecture: str, blocks: Sequence[Block] | None = None) -> Inputs:
        """Return what an architecture's cost is computed from, by default from all blocks."""
        chosen = self.blocks if blocks is None else blocks
        return Inputs(
            usage(chosen, architecture, self.counts),
            self.prices,
            self.assumptions,
            self.function_ms.get(architecture),
        )

    def total(
        self, deployment: Deployment, per_day: Values, blocks: Sequence[Block] | None = None
    ) -> Values:
        """Return dollars for a month of a deployment, for each number of submissions a day."""
        return total(self.inputs(deployment.architecture, blocks), deployment.platform, per_day)
