"""Each experiment for a reader of the first page: a question, a claim, and some counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.report.formats import number, percent
from benchmarks.report.sections.releases import during, slow_limits
from benchmarks.results_model.contract import ContractResults
from benchmarks.results_model.edge import EdgeResults
from benchmarks.results_model.experiments import DeployResults, ExperimentResults
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.isolation import IsolationResults


@dataclass(frozen=True, slots=True)
class Headline:
    """An experiment's question, and the claim that answers it best."""

    question: str
    claim: str


HEADLINES: Mapping[str, Headline] = {
    "scaling": Headline("Which side needs more CPU for the same work?", "cpu-per-submission"),
    "deploy": Headline("What does a release cost, and whom?", "lead-time"),
    "isolation": Headline("Whose tests fail when a component breaks?", "blast"),
    "contract": Headline("What stops a breaking change before its release?", "stop-seconds"),
    "faults": Headline("What still works while one component is down?", "processes"),
    "edge": Headline("What does it cost to send files from the application?", "page-cpu"),
}


def facts(results: ExperimentResults) -> tuple[str, ...]:
    """Return sentences with counts of both sides that no claim is about."""
    match results:
        case DeployResults():
            return _releases(results)
        case IsolationResults():
            return _isolation(results)
        case ContractResults():
            return tuple(
                f"{side}: {counts.breaking.stopped} of {counts.breaking.offered} breaking changes "
                f"were stopped, {counts.compatible.stopped} of {counts.compatible.offered} "
                "compatible ones were stopped wrongly."
                for side, counts in results.counts.items()
            )
        case FaultsResults():
            return tuple(
                f"{side}: {kept.lost} lost and {kept.doubled} doubled of "
                f"{number(kept.accepted, 0)} accepted submissions."
                for side, kept in results.kept.sides.items()
            )
        case EdgeResults():
            return _visits(results)
    return ()


def _visits(results: EdgeResults) -> tuple[str, ...]:
    """Return the bytes and the latency of a first visit, both ways."""
    return tuple(
        f"{visits.architecture}: a first visit from the {visits.way} takes "
        f"{number(visits.latency_ms.p50, 1)} ms (median) and "
        f"{number(sum(visits.wire_bytes.values()) / 1000, 1)} kB."
        for sweep in results.sweeps
        for visits in sweep.visits
        if visits.kind == "first visit" and visits.connections == 1 and visits.visits
    )


def _releases(results: DeployResults) -> tuple[str, ...]:
    """Return what users noticed of the releases: failed and slow requests."""
    counts = tuple(
        f"{side}: of {number(seen['requests'], 0)} requests during {seen['releases']} releases, "
        f"{number(seen['failed'], 0)} failed and "
        f"{percent(seen['slowed'] / seen['requests'])} were slow."
        for side, seen in during(results).items()
        if seen["requests"]
    )
    limits = slow_limits(results)
    slow = f"slow is over three times the calm median: {limits}."
    return (*counts, slow) if counts and limits else counts


def _isolation(results: IsolationResults) -> tuple[str, ...]:
    """Return after how many faults other components' tests fail, and no test does."""
    count = len(results.faults)
    return tuple(
        f"{side}: of {count} faults, "
        f"{sum(fault.sides[side].blast > 0 for fault in results.faults)} made tests of other "
        f"components fail, and {caught['by nothing']} were found by no test."
        for side, caught in results.caught.items()
        if count
    )
