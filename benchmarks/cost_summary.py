"""The document of a priced run: costs, crossings, other assumptions, verdicts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

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
from benchmarks.cost_claims import ALTERNATIVES, CLAIMS, MANY, CostClaim
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.priced_run import ARMS, Block, capacity, usage
from benchmarks.results_model.base import of
from benchmarks.results_model.claims import JudgedClaim

LOADS: Values = np.logspace(2, 8, 7)
GRID: Values = np.logspace(2, 8, 121)  # 20 loads in each decade
RATIO_LOADS: Values = np.logspace(3, 7, 3)
STEEP = 1e7  # submissions a day, where a million more are priced
NINETY_PERCENT = 0.9
MOST_PEAK, HALVINGS = 100.0, 40  # the largest peak-to-mean ratio that is tried


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
        crossings=_crossings(priced),
        break_evens=_break_evens(priced),
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
        curve=_floats(_smooth(priced).total(deployment, GRID)),
    )


def _smooth(priced: Priced) -> Priced:
    """Return the run with sizes interpolated between steps."""
    return replace(priced, assumptions=replace(priced.assumptions, whole=0.0))


def _crossings(priced: Priced) -> list[model.CrossingEntry]:
    """Compare all pairs; each deployment's costs are computed once for the same blocks."""
    smooth = _smooth(priced)

    @cache
    def curve(deployment: Deployment, positions: tuple[int, ...]) -> Values:
        return smooth.total(deployment, GRID, [priced.blocks[it] for it in positions])

    found = []
    for first, second in pairs():

        def curves(
            positions: tuple[int, ...], first: Deployment = first, second: Deployment = second
        ) -> tuple[Values, Values]:
            return curve(first, positions), curve(second, positions)

        found.append(_entry(first, second, find_crossing(GRID, curves, len(priced.blocks))))
    return found


def _break_evens(priced: Priced) -> list[model.BreakEven]:
    """Return the peaks from which on a function is cheaper than workers, at many submissions."""
    smooth, load = _smooth(priced), np.array([MANY])
    found = []
    for side in ARMS:
        for platform in (Platform.LAMBDA_X86, Platform.LAMBDA_ARM):

            def saved(
                peak: float, blocks: Sequence[Block], side: str = side, function: Platform = platform
            ) -> float:
                changed = replace(
                    smooth, assumptions=replace(smooth.assumptions, peak_to_mean=peak)
                )
                worker = changed.total(Deployment(side, Platform.FARGATE), load, blocks)
                return float((worker - changed.total(Deployment(side, function), load, blocks))[0])

            by_block = [
                it for block in priced.blocks if (it := _zero(saved, [block])) is not None
            ]
            spread = mean_interval(by_block)
            found.append(
                model.BreakEven(
                    architecture=side,
                    platform=str(platform),
                    per_day=MANY,
                    peak_to_mean=_zero(saved, priced.blocks),
                    low=spread.low,
                    high=spread.high,
                )
            )
    return found


def _zero(
    saved: Callable[[float, Sequence[Block]], float], blocks: Sequence[Block]
) -> float | None:
    """Return the peak at which nothing is saved; None where there is none up to `MOST_PEAK`."""
    low, high = 1.0, MOST_PEAK
    if saved(low, blocks) >= 0 or saved(high, blocks) <= 0:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if saved(middle, blocks) < 0 else (low, middle)
    return (low + high) / 2


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
        crossings=_crossings(changed),
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
