"""The document of a run, from its records."""

from collections.abc import Iterable, Sequence

from benchmarks.analysis.intervals import mean_interval
from benchmarks.analysis.ratios import ratio_interval
from benchmarks.request_profile.kinds import Kind
from benchmarks.request_profile.readings import Part
from benchmarks.request_profile.run import Records, now
from benchmarks.request_profile.visit import CountedKind, Measured
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.request_profile import (
    ARCHITECTURES,
    PROFILE_VERSION,
    OverBlocks,
    ProcessCost,
    ProfiledKind,
    ProfileDocument,
    ProfileRun,
    Side,
)

LEAST_MS = 1e-6  # no CPU time was counted: there is no ratio of it


def summarize(records: Records, kinds: Sequence[Kind], *, run: str, image: str) -> ProfileDocument:
    """Return the document of the kinds that were measured at all."""
    found = (_kind(kind, records) for kind in kinds)
    return ProfileDocument(
        profile_version=PROFILE_VERSION,
        run=ProfileRun(
            id=run,
            seed=records.seed,
            blocks=records.blocks,
            started_at=records.started_at,
            finished_at=now(),
        ),
        environment=records.environment,
        image=image,
        sampling_problem=records.sampling_problem,
        kinds=[kind for kind in found if kind.sides],
    )


def _kind(kind: Kind, records: Records) -> ProfiledKind:
    measured = [it for it in records.measured if it.kind == kind.name]
    sides = {}
    for name in ARCHITECTURES:
        own = [it for it in measured if it.architecture == name]  # by block, as they were run
        if own:
            sides[name] = _side(own, _counted(records.counted, name, kind.name))
    return ProfiledKind(
        name=kind.name, title=kind.title, calls=kind.calls, sides=sides, ratio=_ratio(measured)
    )


def _counted(records: Iterable[CountedKind], architecture: str, kind: str) -> CountedKind | None:
    found = (it for it in records if (it.architecture, it.kind) == (architecture, kind))
    return next(found, None)


def _side(blocks: Sequence[Measured], counted: CountedKind | None) -> Side:
    parts = {part: None for it in blocks for part in it.cpu_ms}
    shares = {} if counted is None else counted.shares
    return Side(
        cpu_ms=_over_blocks([_total(it) for it in blocks]),
        processes=[_process(part, blocks, shares.get(part.process, {})) for part in parts],
        counted=None if counted is None else counted.counted,
    )


def _process(part: Part, blocks: Sequence[Measured], shares: dict[str, float]) -> ProcessCost:
    cpu_ms = _over_blocks([it.cpu_ms.get(part, 0.0) for it in blocks])
    return ProcessCost(
        process=part.process,
        unit=part.unit,
        role=part.role,
        cpu_ms=cpu_ms,
        layers={layer: share * max(0.0, cpu_ms.mean) for layer, share in shares.items()},
    )


def _over_blocks(values: Sequence[float]) -> OverBlocks:
    found = mean_interval(values)
    assert found.mean is not None  # noqa: S101 - there is a value
    return OverBlocks(mean=found.mean, low=found.low, high=found.high, blocks=list(values))


def _ratio(measured: Iterable[Measured]) -> Ratio:
    """Return the services' CPU time by the monolith's, of the blocks that have both."""
    totals = {(it.architecture, it.block): _total(it) for it in measured}
    monolith, services = ARCHITECTURES
    pairs = [
        (totals[services, block], total)
        for (name, block), total in sorted(totals.items())
        if name == monolith and (services, block) in totals
    ]
    return of(Ratio, ratio_interval([it for it in pairs if min(it) > LEAST_MS]))


def _total(measured: Measured) -> float:
    return sum(measured.cpu_ms.values())
