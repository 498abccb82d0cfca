"""The claims about cost: each a ratio of two deployments' dollars for a month, at one load."""

from dataclasses import dataclass

from benchmarks.cost.crossings import SMALLEST
from benchmarks.cost.deployment import Deployment, Platform
from benchmarks.cost.loads import FEW, MANY
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim
from benchmarks.pricing.blocks import SWEEP

# Sets of other assumptions that have as good reasons: where one reverses a verdict, none is given.
ALTERNATIVES = ("even load", "one of each", "whole vCPUs")
MILLION = 1e6
_NAMES = {MONOLITH: "the monolith", SERVICES: "the services"}


@dataclass(frozen=True, slots=True)
class CostClaim:
    """A claim that the first deployment costs more than the second at a load."""

    claim: Claim
    first: Deployment
    second: Deployment
    per_day: float


def _of_function(side: str, per_day: float) -> CostClaim:
    load, name = _words(per_day), _NAMES[side]
    costs, it_costs = ("cost", "they cost") if side == SERVICES else ("costs", "it costs")
    return _claim(
        f"function-{side}-{_short(per_day)}",
        f"At {load} submissions a day, {name} {costs} less with recognition as a function than "
        "with workers.",
        Deployment(side, Platform.FARGATE),
        Deployment(side, Platform.LAMBDA_ARM),
        per_day,
        sentence=(
            f"at {load} submissions a day, {name} with workers {costs} {{times}} what {it_costs} "
            "with functions"
        ),
    )


def _of_services(per_day: float) -> CostClaim:
    load = _words(per_day)
    return _claim(
        f"services-{_short(per_day)}",
        f"At {load} submissions a day, the services cost more than the monolith.",
        Deployment(SERVICES, Platform.FARGATE),
        Deployment(MONOLITH, Platform.FARGATE),
        per_day,
        sentence=(
            f"at {load} submissions a day, the services cost {{times}} what the monolith costs"
        ),
    )


def _claim(
    name: str,
    statement: str,
    first: Deployment,
    second: Deployment,
    per_day: float,
    *,
    sentence: str,
) -> CostClaim:
    claim = Claim(
        name=name,
        statement=statement,
        measure="dollars for a month",
        sweep=SWEEP,
        unit="",
        first=first.name,
        second=second.name,
        smallest=SMALLEST,
        sentence=sentence,
        depends=(
            "the prices, and all assumptions of the model",
            "the CPU time of a submission, which is all that varies from block to block",
        ),
    )
    return CostClaim(claim, first, second, per_day)


def _words(per_day: float) -> str:
    if per_day >= MILLION:
        return f"{per_day / MILLION:g}\u202fmillion"
    return f"{per_day:,.0f}".replace(",", "\u202f")


def _short(per_day: float) -> str:
    return f"1e{len(f'{per_day:.0f}') - 1}"


CLAIMS = (
    *(_of_function(side, load) for side in (MONOLITH, SERVICES) for load in (FEW, MANY)),
    *(_of_services(load) for load in (FEW, MANY)),
)
