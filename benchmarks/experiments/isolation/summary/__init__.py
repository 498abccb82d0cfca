"""The experiment's figures, from its raw records: `experiments.isolation` of `results.json`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.analysis.differences import difference_interval, verdict_above
from benchmarks.analysis.ratios import CONFIDENCE
from benchmarks.experiments.catalogue.components import COMPONENTS
from benchmarks.experiments.isolation import TITLE
from benchmarks.experiments.isolation.claims import RATIOS, SHARES, ShareClaim
from benchmarks.experiments.isolation.suites import WHOLE, Tier
from benchmarks.experiments.isolation.summary.descriptions import describe_side, describe_suites
from benchmarks.experiments.isolation.summary.pairs import Broken, team
from benchmarks.experiments.isolation.summary.sides import Side, load
from benchmarks.experiments.isolation.verdicts import Caught
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH, SERVICES
from benchmarks.experiments.runner.summary.ratio_claims import judge_pairs
from benchmarks.results_model import isolation as model
from benchmarks.results_model.base import of
from benchmarks.results_model.claims import Unit
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.isolation_faults import Fault

Both = tuple[Side, Side]  # one fault in the monolith, and in the services


def summarize(results: Traversable) -> IsolationResults:
    """Sum up a run's folder. A fault counts where both of its sides were run to their end."""
    sides = load(results)
    pairs = _pairs([side for side in sides if not side.is_null])
    return IsolationResults(
        title=TITLE,
        claims=[
            judge_pairs(
                claim,
                {number: _measured(claim.name, both) for number, both in enumerate(pairs, 1)},
                _UNITS[claim.name],
                per="fault",
            )
            for claim in RATIOS
        ],
        shares=[_share(claim, pairs) for claim in SHARES],
        caught=_caught(pairs),
        suites=describe_suites(results),
        faults=[_fault(both) for both in pairs],
        nulls=[_fault(both) for both in _pairs([side for side in sides if side.is_null])],
        teams=_teams(pairs),
    )


def _pairs(sides: Sequence[Side]) -> list[Both]:
    """Return pairs by component, then by name; without what has one side only."""
    by_name: dict[str, dict[str, Side]] = {}
    for side in sides:
        by_name.setdefault(side.name, {})[side.architecture] = side
    found = [
        (it[MONOLITH], it[SERVICES]) for it in by_name.values() if set(it) == set(ARCHITECTURES)
    ]
    return sorted(
        found, key=lambda both: (COMPONENTS.index(both[0].document["component"]), both[0].name)
    )


_UNITS: dict[str, Unit] = {
    "verdict-seconds": "s",
    "verdict-tests": "tests",
    "selected-seconds": "s",
    "whole-cpu": "s",
}


def _measured(name: str, both: Both) -> tuple[float | None, float | None]:
    first, second = (_of_side(name, side) for side in both)
    return first, second


def _of_side(name: str, side: Side) -> float | None:
    if name == "verdict-seconds":
        return side.judged.wait.seconds
    if name == "verdict-tests":
        # Where nothing could be collected or installed, that took no test; count the attempt.
        return max(side.judged.wait.tests, 1)
    if name == "selected-seconds":
        return side.judged.selected.seconds
    return sum(it.record.cpu_seconds or 0.0 for it in side.runs if it.tier is Tier.FAST) or None


def _share(claim: ShareClaim, pairs: Sequence[Both]) -> model.ShareClaim:
    counts = {
        architecture: [_is_so(claim.name, both[place]) for both in pairs]
        for place, architecture in enumerate(ARCHITECTURES)
    }
    more, less = counts[claim.more], counts[claim.less]
    interval = difference_interval([*zip(map(float, more), map(float, less), strict=True)])
    return model.ShareClaim(
        name=claim.name,
        statement=claim.statement,
        measure=claim.measure,
        of=f"{claim.more} \u2212 {claim.less}",
        faults=len(pairs),
        counts={architecture: sum(found) for architecture, found in counts.items()},
        difference=interval.difference,
        low=interval.low,
        high=interval.high,
        confidence=CONFIDENCE,
        method=interval.method,
        verdict=verdict_above(interval),
    )


def _is_so(name: str, side: Side) -> bool:
    if name == "blast":
        return side.judged.blast > 0
    return side.judged.caught is Caught.OWNER


def _caught(pairs: Sequence[Both]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for place, architecture in enumerate(ARCHITECTURES):
        counted = Counter(both[place].judged.caught for both in pairs)
        found[architecture] = {str(how): counted[how] for how in Caught}
    return found


def _fault(both: Both) -> Fault:
    document = both[0].document
    return Fault(
        component=document["component"],
        kind=document["kind"],
        description=document["description"],
        simulates=document["simulates"],
        name=document["fault"],
        sides={side.architecture: describe_side(side) for side in both},
    )


def _teams(pairs: Sequence[Both]) -> dict[str, model.FaultPairs | None]:
    found: dict[str, model.FaultPairs | None] = {}
    for place, architecture in enumerate(ARCHITECTURES):
        summed = team([_broken(both[place]) for both in pairs], WHOLE)
        found[architecture] = None if summed is None else of(model.FaultPairs, summed)
    return found


def _broken(side: Side) -> Broken:
    red: dict[str, dict[str, str]] = {}
    for run in side.runs:
        for test in (*run.red, *run.unable):
            red.setdefault(run.suite.name, {})[test.name] = run.suite.owner_of(test.name)
    document: Mapping[str, Any] = side.document
    return Broken(
        side.name,
        document["component"],
        frozenset(document["owners"]),
        frozenset(it.suite.name for it in side.runs),
        red,
    )
