"""The experiment's figures, from its raw records: `experiments.isolation` of `results.json`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.experiments.catalogue.components import COMPONENTS
from benchmarks.experiments.isolation import TITLE
from benchmarks.experiments.isolation.claims import CLAIMS, CPU
from benchmarks.experiments.isolation.suites import WHOLE
from benchmarks.experiments.isolation.summary.descriptions import describe_side, describe_suites
from benchmarks.experiments.isolation.summary.measures import MEASURES, Measure
from benchmarks.experiments.isolation.summary.pairs import Broken, team
from benchmarks.experiments.isolation.summary.sides import Side, load
from benchmarks.experiments.isolation.verdicts import Caught
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH, SERVICES
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.experiments.runner.summary.pairs import Pairs
from benchmarks.results_model import isolation as model
from benchmarks.results_model.base import of
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.isolation_faults import Fault

Both = tuple[Side, Side]  # one fault in the monolith, and in the services


def summarize(results: Traversable) -> IsolationResults:
    """Sum up a run's folder. A fault counts where both of its sides were run to their end."""
    sides = load(results)
    pairs = _pairs([side for side in sides if not side.is_null])
    return IsolationResults(
        title=TITLE,
        claims=judge_faults(pairs),
        caught=_caught(pairs),
        suites=describe_suites(results),
        faults=[_fault(both) for both in pairs],
        nulls=[_fault(both) for both in _pairs([side for side in sides if side.is_null])],
        teams=_teams(pairs),
    )


def judge_faults(pairs: Sequence[Both]) -> list[JudgedClaim]:
    """Judge all claims by these faults."""
    return judge_claims([_measured(claim, pairs) for claim in CLAIMS])


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


def _measured(claim: Claim, faults: Sequence[Both]) -> Measured:
    measures = MEASURES[claim.name]
    alternatives = {
        variation: _by_fault(claim, measure, faults)
        for variation, measure in measures.alternatives.items()
    }
    return Measured(
        claim,
        _by_fault(claim, measures.main, faults),
        alternatives={
            variation: pairs for variation, pairs in alternatives.items() if _is_measured(pairs)
        },
        per="fault",
        groups=_components(faults) if claim is CPU else {},
    )


def _components(faults: Sequence[Both]) -> dict[int, str]:
    """Return the component of each fault, by its number: they are drawn in proportion.

    How much CPU time the suites take differs by component more than within one. How soon they find
    a fault doesn't: there the scatter within each of few groups would only widen the interval.
    """
    return {number: both[0].document["component"] for number, both in enumerate(faults, 1)}


def _is_measured(pairs: Pairs) -> bool:
    """Return whether anything was measured so: without a selection of tests, some of it isn't."""
    return any(None not in pair for pair in pairs.values())


def _by_fault(claim: Claim, measure: Measure, faults: Sequence[Both]) -> Pairs:
    """Return both sides' measurements by the fault's number, as the claim names the sides."""
    places = ARCHITECTURES.index(claim.first), ARCHITECTURES.index(claim.second)
    return {
        number: (measure(both[places[0]]), measure(both[places[1]]))
        for number, both in enumerate(faults, 1)
    }


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
