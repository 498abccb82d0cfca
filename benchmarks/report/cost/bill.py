"""The bill of a comparison's first page: dollars a month at two loads, and the claims about them.

The whole page of a priced run, with crossings and other assumptions, is `make cost`'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.cost.document import DeploymentCost
from benchmarks.cost.loads import FEW, MANY
from benchmarks.report import claim_texts
from benchmarks.report.cost import names
from benchmarks.results_model.claims import JudgedClaim


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim about two costs, as texts."""

    statement: str
    costs: str
    compared: str  # the first cost divided by the second, with its interval
    verdict: str
    verdict_class: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What a month costs by deployment, at each of `loads`; `origin` is of the prices."""

    loads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    claims: tuple[Judged, ...]
    origin: str
    command: str


def bill_of(
    deployments: Iterable[DeploymentCost],
    claims: Iterable[JudgedClaim],
    *,
    origin: str,
    command: str,
) -> Bill:
    """Return the bill; `command` computes the whole page."""
    return Bill(
        loads=tuple(map(names.load, (FEW, MANY))),
        rows=tuple((names.deployment(it.name), _costs(it)) for it in deployments),
        claims=tuple(map(_judged, claims)),
        origin=origin,
        command=command,
    )


def _costs(deployment: DeploymentCost) -> tuple[str, ...]:
    by_load = {row.per_day: names.dollars(row.total) for row in deployment.rows}
    return tuple(by_load[load] for load in (FEW, MANY))


def _judged(claim: JudgedClaim) -> Judged:
    ratio, interval = claim_texts.compared(claim.value, claim), claim_texts.interval(claim, claim)
    return Judged(
        statement=claim.statement,
        costs=f"{names.dollars(claim.first)} ÷ {names.dollars(claim.second)}",
        compared=f"{ratio} ({interval})",
        verdict=claim_texts.verdict(claim),
        verdict_class=claim_texts.verdict_class(claim),
        reason=claim.reason,
    )
