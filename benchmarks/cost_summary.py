"""The document of a priced run: costs, crossings, other assumptions, verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from benchmarks.analysis.intervals import mean_interval
from benchmarks.cost import document as model
from benchmarks.cost.assumptions import Assumptions, described
from benchmarks.cost.crossings import Crossing, find_crossing
from benchmarks.cost.model import DAYS, Deployment, Model, Platform
from benchmarks.cost.operations import OperationCounts
from benchmarks.cost.prices import Prices
from benchmarks.cost.sizing import Values
from benchmarks.cost.variations import OTHER, OtherAssumptions, pairs
from benchmarks.cost_claims import ALTERNATIVES, CLAIMS, CostClaim
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.priced_run import ARMS, Block, capacity, usage
from benchmarks.results_model.base import of
from benchmarks.results_model.claims import JudgedClaim

LOADS: Values = np.logspace(2, 8, 7)
GRID: Values = np.logspace(2, 8, 241)  # 40 loads in each decade
RATIO_LOADS: Values = np.logspace(3, 7, 3)
STEEP = 1e7  # submissions a day, where a million more are priced
NINETY_PERCENT = 0.9


@dataclass(frozen=True, slots=True)
class Priced:
    """A run with all that its cost is made of.

    `function_ms` is what a call of the function was measured to take on one vCPU, by architecture;
    empty while no run has measured it. THE PLACE for a function's own measurements.
    """

    run: str
    environment: Mapping[str, object]
    blocks: Sequence[Block]
    counts: OperationCounts
    prices: Prices
    assumptions: Assumptions = Assumptions()
    function_ms: Mapping[str, float] | None = None

    def model(self, architecture: str, blocks: Sequence[Block] | None = None) -> Model:
        """Return the model of an architecture, by default from all blocks."""
        chosen = self.blocks if blocks is None else blocks
        return Model(
            usage(chosen, architecture, self.counts),
            self.prices,
            self.assumptions,
            (self.function_ms or {}).get(architecture),
        )

    def total(
        self, deployment: Deployment, per_day: Values, blocks: Sequence[Block] | None = None
    ) -> Values:
        """Return dollars for a month of a deployment, for each load."""
        return self.model(deployment.architecture, blocks).total(deployment.platform, per_day)


def summarize(priced: Priced) -> model.CostDocument:
    """Apply the model, and judge the claims."""
    return model.CostDocument(
        cost_version=model.COST_VERSION,
        run=priced.run,
        blocks=len(priced.blocks),
        environment=priced.environment,
        counted_at=priced.counts.counted_at,
        image=priced.counts.image,
        prices=_prices(priced.prices),
        assumptions=[
            of(model.AssumptionEntry, asdict(it)) for it in described(priced.assumptions)
        ],
        architectures={arm: _measured(priced, arm) for arm in ARMS},
        operations={arm: _operations(priced.counts, arm) for arm in ARMS},
        per_day=_floats(GRID),
        deployments=[
            _deployment(priced, Deployment(arm, platform)) for arm in ARMS for platform in Platform
        ],
        crossings=[_crossing(priced, *pair) for pair in pairs()],
        ratio_loads=_floats(RATIO_LOADS),
        variations=[_variation(priced, it) for it in OTHER],
        transitions=_transitions(priced),
        claims=_claims(priced),
    )


def _floats(values: Values) -> list[float]:
    return [float(it) for it in values]


def _prices(prices: Prices) -> model.PriceList:
    machines = (*prices.instances, *prices.databases, *prices.caches)
    units = [
        model.PriceEntry(name=name, dollars=it.dollars, source=it.source)
        for name, it in prices.units.items()
    ]
    hours = [
        model.PriceEntry(name=it.name, dollars=it.dollars, source=it.source) for it in machines
    ]
    return model.PriceList(
        region=prices.region, date=prices.date, note=prices.note, entries=units + hours
    )


def _measured(priced: Priced, arm: str) -> model.MeasuredArchitecture:
    made = priced.model(arm)
    most = capacity(priced.blocks, arm)
    cpu_ms = made.usage.cpu_ms
    return model.MeasuredArchitecture(
        cpu_ms=dict(cpu_ms),
        memory_bytes=dict(made.usage.memory_bytes),
        capacity=most,
        cores_at_capacity=None if most is None else most * sum(cpu_ms.values()) / 1000,
        function_memory_mb=made.function_memory_mb(),
        function_seconds=made.function_seconds(Platform.LAMBDA_X86),
        is_function_measured=made.function_ms is not None,
    )


def _operations(counts: OperationCounts, arm: str) -> dict[str, float]:
    found = counts.architectures[arm]
    return {
        **{f"S3 {name}": value for name, value in found.submission.s3.items()},
        "messages": found.submission.messages,
        "request bytes": found.submission.request_bytes,
        "response bytes": found.submission.response_bytes,
        "object bytes": found.submission.object_bytes,
        "database bytes": found.submission.database_bytes,
        **{f"sign-in {name}": value for name, value in found.sign_in.dynamodb.items()},
        **{f"sign-up {name}": value for name, value in found.sign_up.dynamodb.items()},
    }


def _deployment(priced: Priced, deployment: Deployment) -> model.DeploymentCost:
    made, platform = priced.model(deployment.architecture), deployment.platform
    items = made.monthly(platform, LOADS)
    by_block = [priced.total(deployment, LOADS, [block]) for block in priced.blocks]
    more = made.total(platform, np.array([0.0, STEEP, STEEP * 1.5]))
    rows = []
    for place, per_day in enumerate(_floats(LOADS)):
        spread = mean_interval([float(totals[place]) for totals in by_block])
        rows.append(
            model.CostRow(
                per_day=per_day,
                total=float(sum(item[place] for item in items.values())),
                low=spread.low,
                high=spread.high,
                items={name: float(item[place]) for name, item in items.items()},
            )
        )
    return model.DeploymentCost(
        name=deployment.name,
        architecture=deployment.architecture,
        platform=str(platform),
        fixed=float(more[0]),
        per_million=float(more[1] - more[0]) / (STEEP * DAYS) * 1e6,
        rows=rows,
        curve=_floats(made.total(platform, GRID)),
    )


def _crossing(
    priced: Priced, first: Deployment, second: Deployment, *, resampled: bool = True
) -> model.CrossingEntry:
    smooth = replace(priced, assumptions=replace(priced.assumptions, whole=0.0))

    def curves(positions: Sequence[int]) -> tuple[Values, Values]:
        blocks = [priced.blocks[it] for it in positions]
        return smooth.total(first, GRID, blocks), smooth.total(second, GRID, blocks)

    found = find_crossing(GRID, curves, len(priced.blocks), resampled=resampled)
    return _entry(first, second, found)


def _entry(first: Deployment, second: Deployment, crossing: Crossing) -> model.CrossingEntry:
    found, names = crossing.found, (first.name, second.name)

    def cheaper(which: int | None) -> str | None:
        return None if which is None else names[which]

    return model.CrossingEntry(
        first=first.name,
        second=second.name,
        at=found.at,
        low=crossing.at.low,
        high=crossing.at.high,
        share=crossing.at.share,
        changes=found.changes,
        equal_from=found.equal_from,
        equal_low=crossing.equal_from.low,
        equal_high=crossing.equal_from.high,
        cheaper_below=cheaper(found.cheaper_below),
        cheaper_above=cheaper(found.cheaper_above),
    )


def _variation(priced: Priced, other: OtherAssumptions) -> model.Variation:
    changed = replace(priced, assumptions=replace(priced.assumptions, **other.changed))
    ratios = {
        f"{first.name} ÷ {second.name}": _floats(
            changed.total(first, RATIO_LOADS) / changed.total(second, RATIO_LOADS)
        )
        for first, second in pairs()
    }
    return model.Variation(
        name=other.name,
        description=other.description,
        changed=dict(other.changed),
        crossings=[_crossing(changed, *pair) for pair in pairs()],
        ratios=ratios,
    )


def _transitions(priced: Priced) -> model.Transitions:
    flow = _deployment(priced, Deployment("monolith", Platform.FARGATE)).per_million
    one = priced.prices["step_functions_transitions"] * 1e6
    least = flow * NINETY_PERCENT / (1 - NINETY_PERCENT)
    return model.Transitions(
        flow_per_million=flow, transition_per_million=one, for_ninety_percent=least / one
    )


def _claims(priced: Priced) -> list[JudgedClaim]:
    disturbed = frozenset(block.number for block in priced.blocks if block.disturbed)
    return judge_claims(
        [
            Measured(
                it.claim,
                _pairs(priced, it),
                disturbed,
                {
                    f"{other.description} ({other.name})": _pairs(
                        replace(
                            priced, assumptions=replace(priced.assumptions, **other.changed)
                        ),
                        it,
                    )
                    for other in OTHER
                    if other.name in ALTERNATIVES
                },
            )
            for it in CLAIMS
        ]
    )


def _pairs(priced: Priced, claim: CostClaim) -> dict[int, tuple[float, float]]:
    """Return the costs of both deployments in each block, at the claim's load."""
    load = np.array([claim.per_day])
    return {
        block.number: (
            float(priced.total(claim.first, load, [block])[0]),
            float(priced.total(claim.second, load, [block])[0]),
        )
        for block in priced.blocks
    }
