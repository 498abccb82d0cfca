"""The plan for a load: replicas, rates, connections, limits, latency, price."""

import math
from collections.abc import Mapping

import numpy as np

from benchmarks.cost import processes
from benchmarks.cost.deployment import Platform
from benchmarks.cost.hours import DAY_SECONDS
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.loads import HIGHEST, LOWEST
from benchmarks.cost.model import total
from benchmarks.cost.prices import Prices
from benchmarks.cost.sizing import Values
from benchmarks.cost.usage import CACHE, DATABASE, kind
from benchmarks.planning import fleet
from benchmarks.planning.document import (
    ArchitecturePlan,
    HandCheck,
    Limit,
    LoadPlan,
    ProcessPlan,
)
from benchmarks.planning.errors import PlanningError
from benchmarks.planning.limits import CACHE_LIMIT, connections_of, limits
from benchmarks.planning.route import CALLS, ROUTES
from benchmarks.planning.sources import REFERENCE, Sources

FEWEST, MOST = 10.0**LOWEST, 10.0**HIGHEST  # submissions a day, as of the cost model
READ, WRITES = "SELECT", ("INSERT", "UPDATE", "DELETE")
DELETE = "DELETE"  # of an upload, after the submission is final: no user waits for it


def checked(per_day: float) -> float:
    """Return a load that can be planned. Raises PlanningError."""
    if not FEWEST <= per_day <= MOST:
        raise PlanningError(
            f"{per_day:g} submissions a day can't be planned: use {FEWEST:g} to {MOST:g}."
        )
    return per_day


def plan(sources: Sources, prices: Prices, per_day: float) -> LoadPlan:
    """Return what both architectures need. Raises PlanningError for a load that has no plan."""
    checked(per_day)
    inputs = {name: Inputs(sources.usage(name), prices) for name in ROUTES}
    (given, *_) = (it.assumptions for it in inputs.values())
    peak = per_day / DAY_SECONDS * given.peak_to_mean
    return LoadPlan(
        per_day=per_day,
        peak_per_second=peak,
        architectures=[_architecture(sources, name, inputs[name], peak) for name in ROUTES],
    )


def _architecture(sources: Sources, name: str, inputs: Inputs, peak: float) -> ArchitecturePlan:
    counted, operations = sources.counted(name), inputs.usage.counts.submission
    statements = sum(counted.statements.values())
    planned = [process_plan(inputs, it, peak) for it in inputs.usage.types]
    found_limits = _limits(name, inputs, peak)
    (cache_parts,) = (it.parts for it in found_limits if it.name == CACHE_LIMIT)
    database_vcpus = _vcpus(inputs, DATABASE, peak)
    outcome = fleet.simulate(
        name,
        fleet.Fleet(
            replicas=_by_kind(inputs, planned),
            database_vcpus=max(1, math.ceil(database_vcpus)),
            cache_parts=cache_parts,
        ),
        sources.times_in(REFERENCE)[name],
        store_waits_ms(sources, name, inputs.assumptions.store_wait_ms),
        peak,
    )
    per_day = np.array([peak / inputs.assumptions.peak_to_mean * DAY_SECONDS])
    return ArchitecturePlan(
        architecture=name,
        processes=planned,
        database_vcpus=database_vcpus,
        cache_vcpus=_vcpus(inputs, CACHE, peak),
        rows_written=peak * sum(counted.statements.get(verb, 0.0) for verb in WRITES),
        statements=peak * statements,
        read_share=counted.statements.get(READ, 0.0) / statements,
        messages=peak * operations.messages,
        broker_commands=peak * counted.broker_commands,
        store_requests=peak * sum(operations.s3.values()),
        connections=sum(connections_of(name, it.process) * it.replicas for it in planned),
        limits=found_limits,
        p50_ms=outcome.p50_ms,
        p95_ms=outcome.p95_ms,
        worker_busy=outcome.worker_busy,
        dollars_a_month=float(total(inputs, Platform.FARGATE, per_day)[0]),
        hand_check=hand_check(sources, name, inputs, peak),
    )


def process_plan(inputs: Inputs, process_type: str, peak: float) -> ProcessPlan:
    """Return the replicas of a process type, each on one vCPU, as the cost model counts them."""
    replicas = processes.count(inputs, process_type, _one(peak), vcpus=1.0)[0]
    return ProcessPlan(
        process=process_type, replicas=int(replicas), vcpus=_vcpus(inputs, process_type, peak)
    )


def hand_check(sources: Sources, name: str, inputs: Inputs, peak: float) -> HandCheck:
    """Return the cores of the plan beside those by the measured capacity of one core."""
    capacity = sources.load_arm(name).capacity
    if capacity is None:
        raise PlanningError(f"The run {REFERENCE} measured no capacity of {name}.")
    needed = peak / inputs.assumptions.utilisation
    by_hand = needed / capacity
    planned = needed * sources.times_in(REFERENCE)[name].saturated_ms / 1000
    return HandCheck(
        capacity=capacity,
        needed_per_second=needed,
        cores_by_hand=by_hand,
        cores_planned=planned,
        difference=planned / by_hand - 1,
    )


def store_waits_ms(sources: Sources, architecture: str, wait_ms: float) -> dict[str, float]:
    """Return what the requests to the object store take, by call; users wait for no DELETE."""
    found = {}
    for call in CALLS:
        counted = sources.profile.kind(call).sides[architecture].counted
        requests = {} if counted is None else counted.s3
        found[call] = wait_ms * sum(
            number for name, number in requests.items() if not name.startswith(DELETE)
        )
    return found


def _limits(name: str, inputs: Inputs, peak: float) -> list[Limit]:
    """Return the limits, the first one that is reached first."""
    per_day = DAY_SECONDS / inputs.assumptions.peak_to_mean
    found = [
        Limit(name=limit, per_second=rate, per_day=rate * per_day, parts=math.ceil(peak / rate))
        for limit, rate in limits(name, inputs).items()
    ]
    return sorted(found, key=lambda limit: limit.per_second)


def _by_kind(inputs: Inputs, planned: list[ProcessPlan]) -> Mapping[str, int]:
    """Return the replicas by process type without its unit, of those that take part."""
    return {kind(it.process): it.replicas for it in planned if inputs.usage.cpu_ms.get(it.process)}


def _vcpus(inputs: Inputs, name: str, peak: float) -> float:
    return float(inputs.vcpus(name, _one(peak))[0])


def _one(value: float) -> Values:
    return np.array([value])
