"""Each experiment for a reader of the first page: a question, a claim, and some counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.report.claim_texts import side_name
from benchmarks.report.formats import number, percent
from benchmarks.report.sections.offload import place
from benchmarks.report.sections.releases import by_feature, during
from benchmarks.results_model.contract import ContractResults
from benchmarks.results_model.edge import EdgeResults
from benchmarks.results_model.experiments import (
    DeployResults,
    ExperimentResults,
    OffloadResults,
    ScalingResults,
)
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.sweeps import OffloadSweep


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
    "offload": Headline("Does a function keep the API quick while images come in?", "busy"),
    "platform": Headline("What does a container engine cost?", "platform-cpu-monolith"),
}


def question_of(name: str, title: str) -> str:
    """Return the question of an experiment; its title if it has none."""
    return HEADLINES[name].question if name in HEADLINES else title


def facts(results: ExperimentResults) -> tuple[str, ...]:
    """Return sentences with counts of both sides that no claim is about."""
    match results:
        case ScalingResults():
            found = _floor(results)
        case DeployResults():
            found = _releases(results)
        case IsolationResults():
            found = _isolation(results)
        case ContractResults():
            found = tuple(
                f"{side_name(side)}: {counts.breaking.stopped} of {counts.breaking.offered} "
                "breaking changes "
                f"were stopped, {counts.compatible.stopped} of {counts.compatible.offered} "
                "compatible ones were stopped wrongly."
                for side, counts in results.counts.items()
            )
        case FaultsResults():
            found = tuple(
                f"{side_name(side)}: {kept.lost} lost and {kept.doubled} doubled of "
                f"{number(kept.accepted, 0)} accepted submissions."
                for side, kept in results.kept.sides.items()
            )
        case EdgeResults():
            found = _visits(results)
        case OffloadResults():
            found = _offload(results)
        case _:
            found = ()
    return found


def _floor(results: ScalingResults) -> tuple[str, ...]:
    """Return what the work alone takes, and how much each side takes beyond it."""
    floor = results.floor_cpu_ms
    claim = next((it for it in results.claims if it.name == HEADLINES["scaling"].claim), None)
    if floor is None or claim is None or claim.first is None or claim.second is None:
        return ()
    services, monolith = claim.first - floor, claim.second - floor
    if min(services, monolith) <= 0:
        return ()
    more = services / monolith - 1
    sign = "+" if more > 0 else ""
    sentence = (
        f"{number(floor, 1)} ms of it is the work alone: to fetch, recognize and store an image. "
        f"Beyond it the monolith takes {number(monolith, 1)} ms and the services "
        f"{number(services, 1)} ms ({sign}{percent(more)})."
    )
    return (sentence,)


def _releases(results: DeployResults) -> tuple[str, ...]:
    """Return what users noticed of the releases: failed requests, and slow ones by feature."""
    seen = during(results)
    if not any(counts["requests"] for counts in seen.values()):
        return ()
    failed = ", ".join(
        f"{number(counts['failed'], 0)} of {number(counts['requests'], 0)} in the {side_name(side)}"
        for side, counts in seen.items()
    )
    slow = by_feature(results)
    sentences = [f"Failed requests: {failed}; longer releases meet more."]
    if slow:
        texts = "; ".join(
            f"{feature} "
            + ", ".join(
                f"{side_name(side)} {number(counts['slowed'], 0)} of "
                f"{number(counts['requests'], 0)}"
                for side, counts in sides.items()
            )
            for feature, sides in slow.items()
        )
        sentences.append(f"Slow, over three times both sides' calm median: {texts}.")
    return tuple(sentences)


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


def _offload(results: OffloadResults) -> tuple[str, ...]:
    """Return how many submissions met a cold start, while the arrivals were steady."""
    arms = [arm for it in results.sweeps if isinstance(it, OffloadSweep) for arm in it.offload]
    return tuple(
        f"{place(arm)}: {number(arm.starts.met.count, 0)} of {number(arm.starts.met.total, 0)} "
        "submissions met a cold start."
        for arm in arms
        if arm.starts is not None and arm.starts.met.total
    )


def _isolation(results: IsolationResults) -> tuple[str, ...]:
    """Return what counts as another component's test, and what other counts would be."""
    if not results.faults:
        return ()
    every, found = len(results.faults), []
    for side, caught in results.caught.items():
        seen = [fault.sides[side] for fault in results.faults]
        red = sum(it.red.others > 0 for it in seen)
        blast = sum(it.blast > 0 for it in seen)
        with_whole = sum(it.blast + it.red.whole + it.unable.whole > 0 for it in seen)
        if len({red, blast, with_whole}) > 1:
            found.append(
                f"In the {side_name(side)} it depends on what counts: {red} of {every} by failed "
                f"tests alone, {blast} with tests that couldn't start, {with_whole} if those of "
                "the whole monolith are another's too."
            )
        if caught["by nothing"]:
            found.append(f"{side_name(side)}: {caught['by nothing']} of {every} no test found.")
    spread = sum(
        any(len(side.owners) > 1 for side in fault.sides.values()) for fault in results.faults
    )
    if spread:
        found.append(
            f"In {spread} of {every} the change edits several components, whose tests all count as "
            "own."
        )
    return tuple(found)
