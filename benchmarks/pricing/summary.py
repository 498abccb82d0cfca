"""The document of a priced run: costs, crossings, other assumptions, verdicts."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from benchmarks.analysis.intervals import mean_interval
from benchmarks.cost import document as model
from benchmarks.cost import function
from benchmarks.cost.assumptions import described
from benchmarks.cost.deployment import Deployment, Platform
from benchmarks.cost.hours import DAYS
from benchmarks.cost.loads import GRID, LOADS, MANY, RATIO_LOADS
from benchmarks.cost.model import monthly, total
from benchmarks.cost.operations import OperationCounts
from benchmarks.cost.prices import Prices
from benchmarks.cost.variations import MONOLITH, OTHER
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.pricing.blocks import ARMS, capacity
from benchmarks.pricing.claims import ALTERNATIVES, CLAIMS, CostClaim
from benchmarks.pricing.comparisons import break_evens, crossings, variations
from benchmarks.pricing.priced import Priced
from benchmarks.results_model.base import of
from benchmarks.results_model.claims import JudgedClaim

NINETY_PERCENT = 0.9
MILLION = 1e6


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
        assumptions=[of(model.AssumptionEntry, asdict(it)) for it in described(priced.assumptions)],
        architectures={arm: measured(priced, arm) for arm in ARMS},
        operations={arm: _operations(priced.counts, arm) for arm in ARMS},
        per_day=GRID.tolist(),
        deployments=[
            deployment_cost(priced, Deployment(arm, platform))
            for arm in ARMS
            for platform in Platform
        ],
        crossings=crossings(priced),
        break_evens=break_evens(priced),
        ratio_loads=RATIO_LOADS.tolist(),
        variations=variations(priced),
        transitions=_transitions(priced),
        claims=judged(priced),
    )


def _prices(prices: Prices) -> model.PriceList:
    machines = (*prices.instances, *prices.databases, *prices.caches)
    entries = [(name, it.dollars, it.source) for name, it in prices.units.items()]
    entries += [(it.name, it.dollars, it.source) for it in machines]
    return model.PriceList(
        region=prices.region,
        date=prices.date,
        note=prices.note,
        entries=[
            model.PriceEntry(name=name, dollars=dollars, source=source)
            for name, dollars, source in entries
        ],
    )


def measured(priced: Priced, arm: str) -> model.MeasuredArchitecture:
    """Return what the run measured of an architecture, and the function that follows from it."""
    made = priced.inputs(arm)
    most = capacity(priced.blocks, arm)
    cpu_ms = made.usage.cpu_ms
    return model.MeasuredArchitecture(
        cpu_ms=dict(cpu_ms),
        memory_bytes=dict(made.usage.memory_bytes),
        capacity=most,
        cores_at_capacity=None if most is None else most * sum(cpu_ms.values()) / 1000,
        function_memory_mb=function.memory_mb(made),
        function_seconds=function.call_seconds(made, Platform.LAMBDA_X86),
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


def deployment_cost(priced: Priced, deployment: Deployment) -> model.DeploymentCost:
    """Return the costs of a deployment by load, with the spread over blocks."""
    platform = deployment.platform
    made = priced.inputs(deployment.architecture)
    items = monthly(made, platform, LOADS)
    by_block = [priced.total(deployment, LOADS, [block]).tolist() for block in priced.blocks]
    nothing, many = total(made, platform, np.array([0.0, MANY])).tolist()
    return model.DeploymentCost(
        name=deployment.name,
        architecture=deployment.architecture,
        platform=str(platform),
        fixed=nothing,
        per_million=(many - nothing) / (MANY * DAYS) * MILLION,
        rows=[
            _row(
                per_day,
                {name: float(values[place]) for name, values in items.items()},
                [totals[place] for totals in by_block],
            )
            for place, per_day in enumerate(LOADS.tolist())
        ],
        curve=priced.interpolated().total(deployment, GRID).tolist(),
    )


def _row(per_day: float, items: dict[str, float], by_block: Sequence[float]) -> model.CostRow:
    spread = mean_interval(by_block)
    return model.CostRow(
        per_day=per_day,
        total=sum(items.values()),
        low=spread.low,
        high=spread.high,
        items=items,
    )


def _transitions(priced: Priced) -> model.Transitions:
    """Return what an orchestrator's transitions cost beside the flow, as Prime Video had them."""
    flow = deployment_cost(priced, Deployment(MONOLITH, Platform.FARGATE)).per_million
    one = priced.prices["step_functions_transitions"] * MILLION
    least = flow * NINETY_PERCENT / (1 - NINETY_PERCENT)
    return model.Transitions(
        flow_per_million=flow,
        transition_per_million=one,
        for_ninety_percent=least / one if one else 0.0,
    )


def judged(priced: Priced) -> list[JudgedClaim]:
    """Judge the claims; each is computed again under the sets of `ALTERNATIVES`."""
    disturbed = frozenset(block.number for block in priced.blocks if block.disturbed)
    others = {
        f"{other.description} ({other.name})": priced.assuming(**other.changed)
        for other in OTHER
        if other.name in ALTERNATIVES
    }
    return judge_claims(
        [
            Measured(
                it.claim,
                _pairs(priced, it),
                disturbed,
                {variation: _pairs(other, it) for variation, other in others.items()},
            )
            for it in CLAIMS
        ]
    )


def _pairs(priced: Priced, claim: CostClaim) -> dict[int, tuple[float | None, float | None]]:
    """Return the costs of both deployments in each block, at the claim's load."""
    load = np.array([claim.per_day])
    return {
        block.number: (
            float(priced.total(claim.first, load, [block])[0]),
            float(priced.total(claim.second, load, [block])[0]),
        )
        for block in priced.blocks
    }
