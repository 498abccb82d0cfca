"""The document of a run, from its records. Pure: no input or output."""

from collections.abc import Mapping, Sequence

from benchmarks.analysis.ratios import ratio_interval
from benchmarks.growth.kinds import IDLE, Kind
from benchmarks.growth.run import Records
from benchmarks.growth.visit import Bench, Measured
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.growth import (
    ARCHITECTURES,
    GROWTH_VERSION,
    GrowthDocument,
    GrowthKind,
    GrowthRun,
    SizeCost,
)

LEAST_MS = 0.001  # less is too little for a ratio


def summarize(bench: Bench, records: Records, *, run: str, finished_at: str) -> GrowthDocument:
    """Return the document of what was measured."""
    costs = costs_per_call(records.measured)
    return GrowthDocument(
        growth_version=GROWTH_VERSION,
        run=GrowthRun(
            id=run,
            seed=records.seed,
            blocks=bench.blocks,
            started_at=records.started_at,
            finished_at=finished_at,
        ),
        environment=records.environment,
        sizes=list(bench.sizes),
        first_count_seconds={
            name: [it.seconds for it in records.first_counts if it.architecture == name]
            for name in ARCHITECTURES
        },
        kinds=[_kind(kind, bench.sizes, costs) for kind in bench.kinds],
    )


Costs = Mapping[tuple[str, str, int], Mapping[int, float]]


def costs_per_call(measured: Sequence[Measured]) -> Costs:
    """Return CPU-ms per call by (kind, architecture, rows) and block.

    What the target used in as many seconds without requests, in the same block, is subtracted: it
    would make the sizes look more alike than the requests are.
    """
    idle = {
        (it.architecture, it.rows, it.block): it.cpu_ms / it.seconds
        for it in measured
        if it.kind == IDLE
    }
    found: dict[tuple[str, str, int], dict[int, float]] = {}
    for record in measured:
        size = (record.architecture, record.rows, record.block)
        around = 0.0 if record.kind == IDLE else idle.get(size, 0.0) * record.seconds
        cost = max(0.0, record.cpu_ms - around) / record.calls
        found.setdefault((record.kind, *size[:2]), {})[record.block] = cost
    return found


def _kind(kind: Kind, sizes: Sequence[int], costs: Costs) -> GrowthKind:
    return GrowthKind(
        name=kind.name,
        title=kind.title,
        calls=kind.calls,
        sides={name: _sizes(kind.name, name, sizes, costs) for name in ARCHITECTURES},
    )


def _sizes(kind: str, architecture: str, sizes: Sequence[int], costs: Costs) -> list[SizeCost]:
    least = costs.get((kind, architecture, sizes[0]), {})
    found = ((rows, costs.get((kind, architecture, rows))) for rows in sizes)
    return [_size(rows, cost, least) for rows, cost in found if cost]


def _size(rows: int, cost: Mapping[int, float], least: Mapping[int, float]) -> SizeCost:
    pairs = [
        (cost[block], least[block])
        for block in sorted(cost.keys() & least.keys())
        if min(cost[block], least[block]) > LEAST_MS
    ]
    return SizeCost(
        rows=rows,
        cpu_ms=sum(cost.values()) / len(cost),
        blocks=[cost[block] for block in sorted(cost)],
        ratio=of(Ratio, ratio_interval(pairs)),
    )
